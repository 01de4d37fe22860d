using Forensics.Controller.Informers;
using Forensics.Controller.Queues;

namespace Forensics.Tests.Controller.Queues;

internal sealed class WorkQueueTests
{
    private static readonly ResourceKey A = new("ns", "a");
    private static readonly ResourceKey B = new("ns", "b");

    private WorkQueue _queue = null!;

    [SetUp]
    public void MakeQueue() => _queue = new WorkQueue(TestMetrics.ForQueue());

    [Test]
    public async Task A_key_added_twice_is_processed_once()
    {
        _queue.Add(A);
        _queue.Add(A);
        _queue.Add(B);

        (await _queue.TakeAsync()).Should().Be(A);
        (await _queue.TakeAsync()).Should().Be(B);
        (await _queue.TakeAsync()).Should().BeNull();
    }

    [Test]
    public async Task A_key_added_while_it_is_processed_comes_again_when_that_is_done_and_not_before()
    {
        _queue.Add(A);
        await _queue.TakeAsync();
        _queue.Add(A);
        _queue.Add(A);

        (await _queue.TakeAsync()).Should().BeNull("a worker has it");
        _queue.Done(A);
        (await _queue.TakeAsync()).Should().Be(A);
        _queue.Done(A);
        (await _queue.TakeAsync()).Should().BeNull("it was added before it was taken the second time");
    }

    [Test]
    public async Task A_worker_that_waits_gets_the_key_when_it_is_added()
    {
        var waiting = _queue.GetAsync(CancellationToken.None).AsTask();
        _queue.Add(A);

        (await Eventually.EndsAsync(waiting)).Should().Be(A);
    }

    [Test]
    public async Task A_worker_that_stops_waiting_takes_no_key_along()
    {
        using var impatient = new CancellationTokenSource();
        var waiting = _queue.GetAsync(impatient.Token).AsTask();
        await impatient.CancelAsync();
        await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _queue.Add(A);

        (await _queue.TakeAsync()).Should().Be(A);
    }

    [Test]
    public async Task Shut_down_it_hands_out_what_it_has_takes_nothing_new_and_ends()
    {
        _queue.Add(A);
        _queue.Add(B);
        await _queue.TakeAsync();
        _queue.Add(A);
        _queue.ShutDown();
        _queue.Add(new ResourceKey("ns", "late"));

        (await _queue.TakeAsync()).Should().Be(B);
        _queue.Done(B);
        var last = _queue.GetAsync(CancellationToken.None).AsTask();
        last.IsCompleted.Should().BeFalse("a key that came back is still to be handed out");
        _queue.Done(A);
        (await Eventually.EndsAsync(last)).Should().Be(A);
        _queue.Done(A);
        (await Eventually.EndsAsync(_queue.GetAsync(CancellationToken.None).AsTask())).Should().BeNull();
    }

    [Test]
    public async Task What_goes_on_comes_before_what_is_still_to_begin()
    {
        _queue.Add(A, Priority.Low);
        _queue.Add(B);

        (await _queue.TakeAsync()).Should().Be(B);
        _queue.PriorityOf(B).Should().Be(Priority.Normal);
        (await _queue.TakeAsync()).Should().Be(A);
        _queue.PriorityOf(A).Should().Be(Priority.Low);
    }

    [Test]
    public async Task A_key_added_while_it_is_processed_comes_again_with_the_highest_priority_asked_for()
    {
        _queue.Add(A, Priority.Low);
        await _queue.TakeAsync();
        _queue.Add(A, Priority.Low);
        _queue.Add(A);
        _queue.Add(A, Priority.Low);
        _queue.Add(B, Priority.Low);
        _queue.Done(A);

        (await _queue.TakeAsync()).Should().Be(A);
        _queue.PriorityOf(A).Should().Be(Priority.Normal);
    }
}
