using Forensics.Agent.Storage.S3;

namespace Forensics.Tests.Agent.Storage.S3;

[TestFixture]
internal sealed class PartBuffersTests
{
    [Test]
    public async Task Whoever_asks_beyond_the_budget_waits_for_a_return()
    {
        var buffers = new PartBuffers(budget: 20);
        var first = await buffers.RentAsync(10, CancellationToken.None);
        await buffers.RentAsync(10, CancellationToken.None);

        var third = buffers.RentAsync(10, CancellationToken.None);
        third.IsCompleted.Should().BeFalse();
        buffers.Return(first);

        (await third).Array.Should().BeSameAs(first.Array, "memory is reused");
    }

    [Test]
    public async Task A_part_larger_than_the_budget_is_let_through_alone()
    {
        var buffers = new PartBuffers(budget: 20);
        var small = await buffers.RentAsync(10, CancellationToken.None);

        var large = buffers.RentAsync(100, CancellationToken.None);
        large.IsCompleted.Should().BeFalse();
        buffers.Return(small);

        (await large).Array.Should().HaveCount(100);
    }

    [Test]
    public async Task A_wait_can_be_cancelled()
    {
        var buffers = new PartBuffers(budget: 10);
        await buffers.RentAsync(10, CancellationToken.None);
        using var cancelled = new CancellationTokenSource();

        var waiting = buffers.RentAsync(10, cancelled.Token);
        await cancelled.CancelAsync();

        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();
    }
}
