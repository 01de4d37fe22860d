using CsCheck;
using Forensics.Controller.Informers;
using Forensics.Controller.Queues;

namespace Forensics.Tests.Controller.Queues;

internal sealed class WaitingLineTests
{
    private static readonly ResourceKey A = new("ns", "a");
    private static readonly ResourceKey B = new("ns", "b");
    private static readonly ResourceKey C = new("ns", "c");

    private WaitingLine _line = null!;

    [SetUp]
    public void MakeLine() => _line = new WaitingLine();

    [Test]
    public void Within_a_priority_it_is_first_come_first_served_and_the_normal_ones_come_first()
    {
        _line.Join(A, Priority.Low);
        _line.Join(B, Priority.Normal);
        _line.Join(C, Priority.Normal);

        TakeAll().Should().Equal((B, Priority.Normal), (C, Priority.Normal), (A, Priority.Low));
    }

    [Test]
    public void A_key_in_line_moves_ahead_and_never_back()
    {
        _line.Join(A, Priority.Low).Should().BeTrue();
        _line.Join(B, Priority.Low).Should().BeTrue();
        _line.Join(B, Priority.Normal).Should().BeFalse("it is in line already");
        _line.Join(B, Priority.Low).Should().BeFalse();

        TakeAll().Should().Equal((B, Priority.Normal), (A, Priority.Low));
    }

    [Test]
    public void One_key_of_every_four_is_of_low_priority_so_that_these_never_starve()
    {
        for (var i = 0; i < 3; i++) _line.Join(new ResourceKey("low", $"{i}"), Priority.Low);
        for (var i = 0; i < 20; i++) _line.Join(new ResourceKey("normal", $"{i}"), Priority.Normal);

        var taken = TakeAll().Select(next => next.Priority).ToList();

        taken.Take(12).Select((priority, i) => priority == Priority.Low ? i : -1).Where(i => i >= 0).Should().Equal(3, 7, 11);
        taken.Should().HaveCount(23);
    }

    [Test]
    public void Whatever_joins_is_taken_once_for_each_time_that_it_joined_with_the_highest_priority_asked_for() =>
        Gen.Select(Gen.Int[0, 3], Gen.Enum<Priority>(), Gen.Bool).Array[1, 80].Sample(steps =>
        {
            var (line, waiting) = (new WaitingLine(), new Dictionary<ResourceKey, Priority>());
            void Take()
            {
                var (key, priority) = line.Take();
                waiting.Remove(key, out var wanted).Should().BeTrue("it waits");
                priority.Should().Be(wanted);
            }

            foreach (var (number, priority, take) in steps)
            {
                var key = new ResourceKey("ns", $"{number}");
                line.Join(key, priority).Should().Be(!waiting.TryGetValue(key, out var before));
                waiting[key] = waiting.ContainsKey(key) && before < priority ? before : priority;
                if (take) Take();
                line.Count.Should().Be(waiting.Count);
            }

            while (waiting.Count > 0) Take();
        });

    private List<(ResourceKey Key, Priority Priority)> TakeAll()
    {
        var taken = new List<(ResourceKey, Priority)>();
        while (_line.Count > 0) taken.Add(_line.Take());
        return taken;
    }
}
