using CsCheck;
using Forensics.Api;
using Forensics.Controller.Informers;

namespace Forensics.Tests.Controller.Informers;

internal sealed class StoreTests
{
    private static readonly Gen<PodCheckpoint> AnyCheckpoint = Gen.Select(
        Gen.Int[0, 1].Select(i => i == 0 ? "one" : "two"),
        Gen.Char['a', 'c'].Select(c => c.ToString()),
        Gen.Int[1, 3],
        Gen.Int[1, 2].Select(i => $"u{i}"),
        (ns, name, version, uid) => Checkpoint(ns, name, $"{version}", uid));

    private Store<PodCheckpoint> _store = null!;

    [SetUp]
    public void MakeStore() => _store = Empty();

    [Test]
    public void A_write_says_what_was_there_before()
    {
        var first = Checkpoint("ns", "a", "1");
        var second = Checkpoint("ns", "a", "2");

        _store.Set(first).Should().Be(new Change<PodCheckpoint>(null, first));
        _store.Set(second).Should().Be(new Change<PodCheckpoint>(first, second));
        _store.Remove(Checkpoint("ns", "a", "3")).Should().Be(new Change<PodCheckpoint>(second, null));
        _store.Remove(second).Should().Be(default(Change<PodCheckpoint>), "it is not there any more");
    }

    [Test]
    public void Replace_yields_what_is_new_what_differs_and_what_vanished_and_not_what_stayed()
    {
        var (stays, changes, goes) = (Checkpoint("ns", "stays", "1"), Checkpoint("ns", "changes", "1"), Checkpoint("ns", "goes", "1"));
        var (changed, comes) = (Checkpoint("ns", "changes", "2"), Checkpoint("ns", "comes", "3"));
        _store.Replace(null, [stays, changes, goes]);

        _store.Replace(null, [Checkpoint("ns", "stays", "1"), changed, comes]).Should().BeEquivalentTo(
            [new Change<PodCheckpoint>(goes, null), new Change<PodCheckpoint>(changes, changed), new Change<PodCheckpoint>(null, comes)]);
    }

    [Test]
    public void Replacing_one_namespace_leaves_the_others_alone()
    {
        _store.Replace("one", [Checkpoint("one", "a", "1")]);
        _store.Replace("two", [Checkpoint("two", "a", "1")]);
        _store.Replace("one", []);

        _store.List().Should().ContainSingle().Which.Metadata.Namespace.Should().Be("two");
    }

    [Test]
    public void What_it_let_go_of_is_no_news_and_comes_again_with_the_next_version()
    {
        _store.Replace(null, [Checkpoint("ns", "a", "1"), Checkpoint("ns", "b", "1"), Checkpoint("ns", "c", "1", "u2")]);

        _store.Trim("u1", item => item with { Kind = "trimmed" });
        _store.Trim("u3", _ => throw new InvalidOperationException("None has this value."));

        _store.List().Select(item => (item.Metadata.Name, item.Kind)).Should().BeEquivalentTo([("a", "trimmed"), ("b", "trimmed"), ("c", ForensicsApi.Kind)]);
        _store.Indexed("u1").Should().HaveCount(2).And.OnlyContain(item => item.Kind == "trimmed");
        _store.Replace(null, [Checkpoint("ns", "a", "1"), Checkpoint("ns", "b", "2"), Checkpoint("ns", "c", "1", "u2")]).Should().ContainSingle();
        _store.List().Select(item => (item.Metadata.Name, item.Kind)).Should().BeEquivalentTo([("a", "trimmed"), ("b", ForensicsApi.Kind), ("c", ForensicsApi.Kind)]);
    }

    [Test]
    public void Store_and_index_never_disagree_whatever_is_written() =>
        Gen.Select(Gen.Int[0, 4], AnyCheckpoint, AnyCheckpoint.Array[0, 6]).Array[1, 30].Sample(writes =>
        {
            var store = Empty();
            foreach (var (kind, item, list) in writes)
            {
                _ = kind switch
                {
                    0 => store.Remove(item).Old,
                    1 => Replaced(store, null, list),
                    2 => Replaced(store, "one", [.. list.Where(o => o.Metadata.Namespace == "one")]),
                    3 => Trimmed(store, item.Metadata.Uid),
                    _ => store.Set(item).New,
                };
                foreach (var uid in new[] { "u1", "u2" })
                {
                    var expected = store.List().Where(o => o.Metadata.Uid == uid).ToList();
                    store.Indexed(uid).Should().BeEquivalentTo(expected);
                    store.Where(o => o.Metadata.Uid == uid).Should().BeEquivalentTo(expected);
                }
            }
        });

    private static PodCheckpoint? Trimmed(Store<PodCheckpoint> store, string uid)
    {
        store.Trim(uid, item => item with { Kind = "trimmed" });
        return null;
    }

    private static PodCheckpoint? Replaced(Store<PodCheckpoint> store, string? namespaceName, IReadOnlyList<PodCheckpoint> items)
    {
        var unique = items.DistinctBy(ResourceTypes.PodCheckpoints.KeyOf).ToList();
        store.Replace(namespaceName, unique);
        store.List().Where(o => namespaceName is null || o.Metadata.Namespace == namespaceName)
            .Select(ResourceTypes.PodCheckpoints.KeyOf).Should().BeEquivalentTo(unique.Select(ResourceTypes.PodCheckpoints.KeyOf));
        return null;
    }

    private static Store<PodCheckpoint> Empty() => new(ResourceTypes.PodCheckpoints, checkpoint => checkpoint.Metadata.Uid);

    private static PodCheckpoint Checkpoint(string ns, string name, string version, string uid = "u1") =>
        new() { Metadata = new ResourceMeta { Namespace = ns, Name = name, ResourceVersion = version, Uid = uid } };
}
