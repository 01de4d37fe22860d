using System.Security.Cryptography;

namespace Forensics.Agent.Storage;

/// <summary>An object as it was stored. <see cref="Sha256"/> is lower-case hex.</summary>
internal sealed record StoredObject(string Name, long Bytes, string Sha256);

/// <summary>Computes size and SHA-256 of what passes through to the inner writer.</summary>
internal sealed class HashingWriter(string name, IEvidenceWriter inner) : IEvidenceWriter
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private StoredObject? _stored;

    /// <summary>Bytes written so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Unreadable until the commit has succeeded: before that there is no object to speak of.</summary>
    public StoredObject Stored => _stored ?? throw new InvalidOperationException($"{name} is not committed.");

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _hash.AppendData(bytes.Span);
        Bytes += bytes.Length;
        await inner.WriteAsync(bytes, cancellationToken);
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await inner.CommitAsync(cancellationToken);
        _stored = new StoredObject(name, Bytes, Convert.ToHexStringLower(_hash.GetHashAndReset()));
    }

    public ValueTask DisposeAsync()
    {
        _hash.Dispose();
        return inner.DisposeAsync();
    }
}
