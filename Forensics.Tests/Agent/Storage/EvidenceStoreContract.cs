using Forensics.Agent.Storage;
using Forensics.Api;

namespace Forensics.Tests.Agent.Storage;

/// <summary>What <see cref="IEvidenceStore"/> promises. Every implementation is held to it, and all but those on S3 servers that
/// ignore the precondition of a multipart completion to <see cref="StrictEvidenceStoreContract"/> as well.</summary>
internal abstract class EvidenceStoreContract
{
    /// <summary>More than two parts of the S3 store's smallest.</summary>
    protected const int Large = (12 << 20) + 345;

    /// <summary>Opens a new, empty folder.</summary>
    protected abstract IEvidenceStore OpenStore();

    /// <summary>The object as anybody else sees it; null if there is none.</summary>
    protected abstract Task<byte[]?> ReadAsync(string name);

    /// <summary>Whether anything uncommitted is left: a temporary file, an open upload.</summary>
    protected abstract Task<bool> HasLeftoversAsync();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(5 << 20)]
    [TestCase((5 << 20) + 1)]
    [TestCase(Large)]
    public async Task What_is_written_and_committed_is_there_byte_for_byte(int length)
    {
        using var store = OpenStore();
        var bytes = RandomBytes(length);

        await WriteAsync(store, "object", bytes);

        (await ReadAsync("object"))!.AsSpan().SequenceEqual(bytes).Should().BeTrue();
        (await HasLeftoversAsync()).Should().BeFalse();
    }

    [Test]
    public async Task Before_the_commit_there_is_no_object()
    {
        using var store = OpenStore();
        await using var writer = await store.CreateAsync("object", CancellationToken.None);

        await writer.WriteAsync(RandomBytes(Large), CancellationToken.None);

        (await ReadAsync("object")).Should().BeNull();
    }

    [TestCase(10)]
    [TestCase(Large)]
    public async Task A_writer_disposed_uncommitted_leaves_nothing(int length)
    {
        using var store = OpenStore();

        await using (var writer = await store.CreateAsync("object", CancellationToken.None))
            await writer.WriteAsync(RandomBytes(length), CancellationToken.None);

        (await ReadAsync("object")).Should().BeNull();
        (await HasLeftoversAsync()).Should().BeFalse();
    }

    [Test]
    public async Task A_cancelled_writer_leaves_nothing()
    {
        using var store = OpenStore();
        using var cancelled = new CancellationTokenSource();

        await using (var writer = await store.CreateAsync("object", cancelled.Token))
        {
            await writer.WriteAsync(RandomBytes(Large), cancelled.Token);
            await cancelled.CancelAsync();
            var commit = () => writer.CommitAsync(cancelled.Token);
            await commit.Should().ThrowAsync<OperationCanceledException>();
        }

        (await ReadAsync("object")).Should().BeNull();
        (await HasLeftoversAsync()).Should().BeFalse();
    }

    [Test]
    public async Task An_object_that_exists_is_never_overwritten()
    {
        using var store = OpenStore();
        await WriteAsync(store, "object", [1, 2, 3]);

        var again = () => WriteAsync(store, "object", RandomBytes(10));

        (await again.Should().ThrowAsync<StoreException>()).Which.Reason.Should().Be(Reasons.ObjectExists);
        (await ReadAsync("object")).Should().Equal(1, 2, 3);
        (await HasLeftoversAsync()).Should().BeFalse();
    }

    [Test]
    public async Task Nothing_can_be_written_after_the_commit()
    {
        using var store = OpenStore();
        await using var writer = await store.CreateAsync("object", CancellationToken.None);
        await writer.CommitAsync(CancellationToken.None);

        var write = async () => await writer.WriteAsync(new byte[1], CancellationToken.None);

        await write.Should().ThrowAsync<InvalidOperationException>();
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase("a/b")]
    public async Task A_name_that_is_not_one_plain_segment_is_refused(string name)
    {
        using var store = OpenStore();

        var create = () => store.CreateAsync(name, CancellationToken.None);

        await create.Should().ThrowAsync<ArgumentException>();
    }

    [Test]
    public async Task Several_objects_may_be_open_at_once()
    {
        using var store = OpenStore();
        await using var first = await store.CreateAsync("first", CancellationToken.None);
        await using var second = await store.CreateAsync("second", CancellationToken.None);

        await first.WriteAsync(new byte[] { 1 }, CancellationToken.None);
        await second.WriteAsync(new byte[] { 2 }, CancellationToken.None);
        await first.CommitAsync(CancellationToken.None);
        await second.CommitAsync(CancellationToken.None);

        (await ReadAsync("first")).Should().Equal(1);
        (await ReadAsync("second")).Should().Equal(2);
    }

    protected static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    protected static async Task WriteAsync(IEvidenceStore store, string name, byte[] bytes)
    {
        await using var writer = await store.CreateAsync(name, CancellationToken.None);
        foreach (var chunk in bytes.Chunk(100_000)) await writer.WriteAsync(chunk, CancellationToken.None);
        await writer.CommitAsync(CancellationToken.None);
    }
}
