using System.Text;
using System.Text.Json;
using Forensics.Agent.Storage;
using Forensics.Api;

namespace Forensics.Agent.Capture;

/// <summary>The two objects that close a folder: SHA256SUMS over the artifacts, then the manifest, which is the commit point.</summary>
internal sealed class EvidenceFolder(IEvidenceStore store)
{
    public Task<StoredObject> WriteSumsAsync(IEnumerable<ArtifactRecord> artifacts, CancellationToken cancellationToken)
    {
        var sums = new StringBuilder();
        foreach (var artifact in artifacts.Where(artifact => artifact.Sha256 is not null))
            sums.Append(artifact.Sha256).Append("  ").Append(artifact.Name).Append('\n');
        return WriteAsync(EvidenceNames.Sums, Encoding.UTF8.GetBytes(sums.ToString()), cancellationToken);
    }

    public Task<StoredObject> WriteManifestAsync(Manifest manifest, CancellationToken cancellationToken) => WriteAsync(
        EvidenceNames.Manifest, JsonSerializer.SerializeToUtf8Bytes(manifest, ApiJson.Readable.Manifest), cancellationToken);

    private async Task<StoredObject> WriteAsync(string name, byte[] bytes, CancellationToken cancellationToken)
    {
        await using var writer = new HashingWriter(name, await store.CreateAsync(name, cancellationToken));
        await writer.WriteAsync(bytes, cancellationToken);
        await writer.CommitAsync(cancellationToken);
        return writer.Stored;
    }
}
