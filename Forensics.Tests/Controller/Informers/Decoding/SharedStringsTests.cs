using System.Text;
using System.Text.Json;
using Forensics.Controller.Informers.Decoding;

namespace Forensics.Tests.Controller.Informers.Decoding;

internal sealed class SharedStringsTests
{
    private const int AsManyAsAnEventHas = 20;

    private readonly SharedStrings _shared = new();

    [Test]
    public void Texts_that_come_in_turn_do_not_push_each_other_out()
    {
        var texts = Enumerable.Range(0, AsManyAsAnEventHas).Select(i => $"text {i}").ToList();
        var first = texts.Select(Read).ToList();

        var again = texts.Select(Read).ToList();

        again.Should().Equal(texts);
        again.Zip(first).Count(pair => ReferenceEquals(pair.First, pair.Second)).Should().BeGreaterThan(
            AsManyAsAnEventHas / 2, "five of twenty share four places by chance in one process of ten thousand, ten of them in none");
    }

    [Test]
    public void However_many_there_are_only_the_latest_are_held()
    {
        var first = Read("the first");
        for (var i = 0; i < 100_000; i++) Read($"text {i}");

        Read("the first").Should().Be(first).And.NotBeSameAs(first);
    }

    private string Read(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($"\"{text}\""));
        reader.Read();
        return _shared.Read(ref reader);
    }
}
