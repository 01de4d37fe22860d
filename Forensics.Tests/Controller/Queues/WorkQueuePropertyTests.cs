using System.Collections.Concurrent;
using CsCheck;
using Forensics.Controller.Informers;
using Forensics.Controller.Queues;

namespace Forensics.Tests.Controller.Queues;

internal sealed class WorkQueuePropertyTests
{
    private static readonly Gen<ResourceKey> AnyKey = Gen.Int[0, 4].Select(i => new ResourceKey("ns", $"{i}"));

    [Test]
    public Task Every_interleaving_of_add_get_and_done_behaves_as_the_model() =>
        Gen.Select(Gen.Int[0, 2], AnyKey).Array[1, 60].SampleAsync(async steps =>
        {
            var queue = new WorkQueue(TestMetrics.ForQueue());
            var model = new Model();
            foreach (var (step, key) in steps)
            {
                if (step == 0)
                {
                    queue.Add(key);
                    model.Add(key);
                }
                else if (step == 1)
                {
                    (await queue.TakeAsync()).Should().Be(model.Get());
                }
                else if (model.Processing.Count > 0)
                {
                    var done = model.Processing.Contains(key) ? key : model.Processing.First();
                    queue.Done(done);
                    model.Done(done);
                }
            }
        });

    [Test]
    public Task Many_workers_never_have_a_key_at_once_and_none_is_lost() =>
        AnyKey.Array[1, 300].SampleAsync(
            async adds =>
            {
                var queue = new WorkQueue(TestMetrics.ForQueue());
                var inHand = new ConcurrentDictionary<ResourceKey, bool>();
                var wanted = new ConcurrentDictionary<ResourceKey, int>();
                var seen = new ConcurrentDictionary<ResourceKey, int>();
                var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
                {
                    while (await queue.GetAsync(CancellationToken.None) is { } key)
                    {
                        inHand.TryAdd(key, true).Should().BeTrue("no two workers have a key at once");
                        seen[key] = wanted[key]; // What a reconcile does: read the newest state.
                        await Task.Yield();
                        inHand.TryRemove(key, out bool _).Should().BeTrue();
                        queue.Done(key);
                    }
                })).ToList();

                await Task.WhenAll(adds.Chunk(50).Select(some => Task.Run(() =>
                {
                    foreach (var key in some)
                    {
                        wanted.AddOrUpdate(key, 1, (_, version) => version + 1);
                        queue.Add(key);
                    }
                })));
                queue.ShutDown();
                await Eventually.EndsAsync(Task.WhenAll(workers));

                seen.Should().BeEquivalentTo(wanted, "the newest state of each key was seen");
            },
            iter: 50);

    // What the queue promises, with no thread in it.
    private sealed class Model
    {
        private readonly List<ResourceKey> _ready = [];
        private readonly HashSet<ResourceKey> _again = [];

        public HashSet<ResourceKey> Processing { get; } = [];

        public void Add(ResourceKey key)
        {
            if (Processing.Contains(key)) _again.Add(key);
            else if (!_ready.Contains(key)) _ready.Add(key);
        }

        public ResourceKey? Get()
        {
            if (_ready.Count == 0) return null;
            var key = _ready[0];
            _ready.RemoveAt(0);
            Processing.Add(key).Should().BeTrue();
            return key;
        }

        public void Done(ResourceKey key)
        {
            Processing.Remove(key);
            if (_again.Remove(key)) _ready.Add(key);
        }
    }
}
