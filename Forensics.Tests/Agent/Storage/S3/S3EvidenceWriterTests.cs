using System.Buffers;
using Forensics.Agent.Storage;
using Forensics.Agent.Storage.S3;
using Forensics.Api;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Agent.Storage.S3;

internal sealed class S3EvidenceWriterTests
{
    // With a first part of one byte: from the 5,001st on a part is a slab.
    private const int BytesOfSmallParts = 1000 + (4000 * 2);

    [Test]
    public async Task A_part_that_memory_cannot_hold_is_refused_before_it_is_filled()
    {
        using var api = new TakesAll();
        await using var writer = Open(api, memory: (4 * SlabPool.SlabLength) - 1);
        await writer.WriteAsync(new byte[BytesOfSmallParts], CancellationToken.None);

        var write = () => writer.WriteAsync(new byte[1], CancellationToken.None).AsTask();

        var refusal = (await write.Should().ThrowAsync<StoreException>()).Which;
        refusal.Reason.Should().Be(Reasons.StoreFailed);
        refusal.Message.Should().Contain("folder/export.tar has passed 0 GiB").And.Contain("a memory limit of 6 MiB or more");
        api.Parts.Should().Be(5000);
    }

    [Test]
    public async Task A_quarter_of_the_memory_is_enough_for_a_part()
    {
        using var api = new TakesAll();
        await using var writer = Open(api, memory: 4 * SlabPool.SlabLength);

        await writer.WriteAsync(new byte[BytesOfSmallParts + 1], CancellationToken.None);
        await writer.CommitAsync(CancellationToken.None);

        api.Parts.Should().Be(5001);
    }

    [Test]
    public async Task The_parts_that_memory_was_planned_for_are_never_refused()
    {
        using var api = new TakesAll();
        await using var writer = Open(api, memory: 0);

        await writer.WriteAsync(new byte[BytesOfSmallParts], CancellationToken.None);
        await writer.CommitAsync(CancellationToken.None);

        api.Parts.Should().Be(5000);
    }

    private static S3EvidenceWriter Open(IObjectApi api, long memory) =>
        new(api, "folder/export.tar", new SlabPool(10), firstPartSize: 1, memory, NullLogger.Instance);

    private sealed class TakesAll : IObjectApi
    {
        public int Parts { get; private set; }

        public Task PutAsync(string key, ReadOnlySequence<byte> body, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<string> BeginUploadAsync(string key, CancellationToken cancellationToken) => Task.FromResult("upload");

        public Task<string> UploadPartAsync(string key, string uploadId, int number, ReadOnlySequence<byte> body, CancellationToken cancellationToken) =>
            Task.FromResult($"{++Parts}");

        public Task CompleteUploadAsync(string key, string uploadId, IReadOnlyList<string> etags, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task AbortUploadAsync(string key, string uploadId, CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
            // Holds nothing.
        }
    }
}
