using Forensics.Local;

namespace Forensics.Tests.Local.Tasks;

public sealed class TaskArgumentsTests
{
    [Test]
    public void Flags_values_and_words_are_taken_in_any_order()
    {
        var arguments = new TaskArguments("--push", "up", "--base", "image:1", "--tag=v2");

        arguments.TakeValue("--base").Should().Be("image:1");
        arguments.TakeWord().Should().Be("up");
        arguments.TakeFlag("--push").Should().BeTrue();
        arguments.TakeFlag("--push").Should().BeFalse();
        arguments.TakeValue("--tag").Should().Be("v2");
        arguments.TakeValue("--to").Should().BeNull();
        arguments.RejectTheRest();
    }

    [TestCase("--base")]
    [TestCase("--base", "--push")]
    public void A_missing_value_is_an_error(params string[] words) =>
        FluentActions.Invoking(() => new TaskArguments(words).TakeValue("--base")).Should().Throw<UsageException>().WithMessage("*--base*");

    [Test]
    public void What_nobody_took_is_an_error() =>
        FluentActions.Invoking(() => new TaskArguments("--pruge").RejectTheRest()).Should().Throw<UsageException>().WithMessage("*--pruge*");
}
