using System.Runtime.CompilerServices;
using Forensics.Controller;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Controller;

internal sealed class HeapTrimTests
{
    private const long MiB = 1 << 20;

    private readonly TestClock _clock = new();
    private long _alive;
    private long _size;
    private int _collections;

    [SetUp]
    public void Reset() => _collections = 0;

    [Test]
    public void What_the_start_left_is_collected_once_and_then_nothing_while_nothing_grows()
    {
        (_alive, _size) = (20 * MiB, 30 * MiB);
        using var trim = Start();

        Pass(100);

        _collections.Should().Be(1);
    }

    [TestCase(20, 8, true)]
    [TestCase(20, 7, false)]
    [TestCase(100, 25, true)]
    [TestCase(100, 24, false)]
    public void What_was_added_is_collected_when_it_is_8_MiB_and_a_quarter_of_what_is_alive(int alive, int added, bool collected)
    {
        using var trim = Settled(alive * MiB);

        _size += added * MiB;
        Pass(3);

        _collections.Should().Be(collected ? 1 : 0);
    }

    [Test]
    public void What_stays_alive_is_not_collected_for_again()
    {
        using var trim = Settled(20 * MiB);

        (_alive, _size) = (60 * MiB, 70 * MiB);
        Pass(10);

        (_collections, _size).Should().Be((1, 60 * MiB));
    }

    [Test]
    public void It_is_looked_at_every_ten_seconds_and_no_more_once_it_is_disposed()
    {
        var trim = Settled(20 * MiB);
        _size += 50 * MiB;

        _clock.Advance(HeapTrim.Period - TimeSpan.FromSeconds(1));
        _collections.Should().Be(0);
        trim.Dispose();
        Pass(3);
        _collections.Should().Be(0);
    }

    [Test]
    public void Of_this_process_what_nobody_holds_goes_and_what_is_held_stays()
    {
        using var trim = HeapTrim.Start(_clock);
        var held = new byte[64];
        var lost = Lost();

        Pass(1);

        lost.IsAlive.Should().BeFalse();
        GC.KeepAlive(held);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Lost() => new(new byte[64]);

    /// <summary>The collection after the start is over.</summary>
    private HeapTrim Settled(long alive)
    {
        (_alive, _size) = (alive, alive);
        var trim = Start();
        Pass(1);
        _collections = 0;
        return trim;
    }

    private HeapTrim Start() => new(_clock, () => _size, () =>
    {
        _collections++;
        _size = _alive;
    });

    private void Pass(int periods)
    {
        for (var i = 0; i < periods; i++) _clock.Advance(HeapTrim.Period);
    }
}
