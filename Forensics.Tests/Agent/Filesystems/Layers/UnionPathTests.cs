using Forensics.Agent.Filesystems.Layers;
using Forensics.Agent.Filesystems.Linux;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>A way down that is too deep to be held open, and somebody who moves directories meanwhile.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class UnionPathTests : IDisposable
{
    private const int Depth = 1200; // Of which 512 stay open.
    private const int MovedAt = 300;

    private readonly LayerFolder _layers = new(1);
    private readonly UnionTree _tree;
    private readonly UnionPath _path;

    public UnionPathTests()
    {
        DeepTree.Make(_layers.Top, Depth);
        _tree = new UnionTree(_layers.Root);
        _path = new UnionPath(_tree, new NameBudget(0, 0));
        FileCalls.Status(_tree.Root[0].Descriptor, FileCalls.Itself, out var root);
        _path.EnterRoot(root);
        for (var i = 0; i < Depth; i++) Enter("d\0"u8);
    }

    public void Dispose()
    {
        _path.Dispose();
        _tree.Dispose();
        _layers.Dispose();
    }

    [Test]
    public void The_way_back_opens_again_what_was_closed() => ErrorsOnTheWayBack().Should().OnlyContain(error => error == 0).And.HaveCount(Depth + 1);

    /// <summary>To try each from the root again takes as many tries as there are levels, each as long: minutes, while nothing is read.</summary>
    [Test]
    public void What_lies_below_a_directory_that_was_moved_away_is_not_tried_level_by_level()
    {
        var (moved, elsewhere) = ($"{_layers.Top}/{string.Join('/', Enumerable.Repeat("d", MovedAt))}", _layers.Outside("elsewhere"));
        Directory.Move(moved, elsewhere);
        var (errors, wasBack) = (new List<int>(), false);
        while (_path.Depth > 0)
        {
            errors.Add(_path.Leave());
            if (errors[^1] == 0 || wasBack) continue;
            Directory.Move(elsewhere, moved);
            wasBack = true; // Whoever tried again would find it.
        }

        wasBack.Should().BeTrue();
        var (first, last) = (errors.FindIndex(error => error < 0), errors.FindLastIndex(error => error < 0));
        errors[first..(last + 1)].Should().OnlyContain(error => error < 0);
        (Depth - last).Should().Be(MovedAt + 1, "what lies above it was not moved");
    }

    [Test]
    public void A_tree_beside_one_that_was_moved_away_is_gone_through_as_if_nothing_had_happened()
    {
        DeepTree.Make(Directory.CreateDirectory($"{_layers.Top}/beside").FullName, Depth);
        Directory.Move($"{_layers.Top}/d", _layers.Outside("elsewhere"));
        ErrorsOnTheWayBack(until: 1).Should().Contain(error => error < 0);

        Enter("beside\0"u8);
        for (var i = 0; i < Depth; i++) Enter("d\0"u8);

        ErrorsOnTheWayBack().Should().OnlyContain(error => error == 0);
    }

    private void Enter(ReadOnlySpan<byte> name)
    {
        _tree.OpenDirectory(_path.Current.Directory, 0, name, _path.Next.Directory).Should().BeGreaterThanOrEqualTo(0);
        FileCalls.Status(_path.Next.Directory[0].Descriptor, FileCalls.Itself, out var status);
        _path.Enter(0, name[..^1], status);
    }

    private List<int> ErrorsOnTheWayBack(int until = 0)
    {
        var errors = new List<int>();
        while (_path.Depth > until) errors.Add(_path.Leave());
        return errors;
    }
}
