using Forensics.Agent.Storage.S3;

namespace Forensics.Tests.Agent.Storage.S3;

[TestFixture]
internal sealed class SlabPoolTests
{
    [Test]
    public async Task Whoever_asks_beyond_the_budget_waits_for_an_upload_to_end()
    {
        var pool = new SlabPool(budget: 2);
        var sent = await pool.RentAsync(CancellationToken.None);
        pool.SetOut([sent]);
        await pool.RentAsync(CancellationToken.None);

        var third = pool.RentAsync(CancellationToken.None).AsTask();
        third.IsCompleted.Should().BeFalse();
        pool.ReturnFromUpload([sent]);

        (await Eventually.EndsAsync(third)).Should().BeSameAs(sent, "memory is reused");
    }

    [Test]
    public async Task Where_nothing_is_under_way_nobody_waits_since_nothing_would_come_back()
    {
        var pool = new SlabPool(budget: 1);
        await pool.RentAsync(CancellationToken.None);

        (await Eventually.EndsAsync(pool.RentAsync(CancellationToken.None).AsTask())).Should().NotBeNull();
        pool.Rented.Should().Be(2);
    }

    [Test]
    public async Task What_was_beyond_the_budget_is_not_kept()
    {
        var pool = new SlabPool(budget: 1);
        byte[][] slabs = [await pool.RentAsync(CancellationToken.None), await pool.RentAsync(CancellationToken.None)];

        pool.Return(slabs);

        (await pool.RentAsync(CancellationToken.None)).Should().BeSameAs(slabs[1]);
        slabs.Should().NotContain(await pool.RentAsync(CancellationToken.None));
    }

    [Test]
    public async Task A_wait_can_be_cancelled()
    {
        var pool = new SlabPool(budget: 1);
        pool.SetOut([await pool.RentAsync(CancellationToken.None)]);
        using var cancelled = new CancellationTokenSource();

        var waiting = pool.RentAsync(cancelled.Token).AsTask();
        await cancelled.CancelAsync();

        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();
    }
}
