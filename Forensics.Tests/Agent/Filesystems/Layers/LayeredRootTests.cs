using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

[TestFixture]
internal sealed class LayeredRootTests
{
    [Test]
    public void What_the_container_wrote_lies_above_the_image()
    {
        var root = new LayeredRoot("/upper", ["/second", "/first"]);

        root.Layers.Should().Equal("/upper", "/second", "/first");
        root.Upper.Should().Be("/upper");
    }

    [Test]
    public void A_root_may_have_nothing_that_can_be_written_to() =>
        new LayeredRoot(null, ["/second", "/first"]).Upper.Should().BeNull();

    [Test]
    public void A_volume_is_a_single_layer() => LayeredRoot.Plain("/volume").Layers.Should().Equal("/volume");

    [Test]
    public void Without_layers_there_is_no_file_system() =>
        FluentActions.Invoking(() => new LayeredRoot(null, [])).Should().Throw<LayerException>();

    [Test]
    public void A_relative_path_would_depend_on_where_the_agent_runs() =>
        FluentActions.Invoking(() => new LayeredRoot("/upper", ["l/\u001b[31m"])).Should().Throw<LayerException>()
            .WithMessage(@"The layer 'l/\033[31m' *");
}
