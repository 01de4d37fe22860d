using Forensics.Agent.Storage;
using Forensics.Api;

namespace Forensics.Tests.Agent.Storage;

/// <summary>What depends on the server too: S3 and today's other servers look at If-None-Match when an upload is completed,
/// Ceph's gateway 16.2 does not.</summary>
internal abstract class StrictEvidenceStoreContract : EvidenceStoreContract
{
    [Test]
    public async Task An_object_that_exists_is_never_overwritten_by_a_large_one()
    {
        using var store = OpenStore();
        await WriteAsync(store, "object", [1, 2, 3]);

        var again = () => WriteAsync(store, "object", RandomBytes(Large));

        (await again.Should().ThrowAsync<StoreException>()).Which.Reason.Should().Be(Reasons.ObjectExists);
        (await ReadAsync("object")).Should().Equal(1, 2, 3);
        (await HasLeftoversAsync()).Should().BeFalse();
    }
}
