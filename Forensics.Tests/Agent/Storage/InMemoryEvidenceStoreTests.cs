using Forensics.Agent.Storage;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Agent.Storage;

[TestFixture]
internal sealed class InMemoryEvidenceStoreTests : StrictEvidenceStoreContract
{
    private InMemoryEvidenceStore _store = new();

    protected override IEvidenceStore OpenStore() => _store = new InMemoryEvidenceStore();

    protected override Task<byte[]?> ReadAsync(string name) => Task.FromResult(_store.Objects.GetValueOrDefault(name));

    protected override Task<bool> HasLeftoversAsync() => Task.FromResult(false);
}
