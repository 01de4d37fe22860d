namespace Forensics.Agent.Storage;

/// <summary>Stores no faster than a cap allows, for those whose network must not be saturated. A part that is full is sent as fast as
/// the network takes it: the cap holds over seconds, not over milliseconds.</summary>
internal sealed class CappedEvidenceStore(IEvidenceStore inner, BandwidthCap cap) : IEvidenceStore
{
    public string Location => inner.Location;

    public async Task<IEvidenceWriter> CreateAsync(string name, CancellationToken cancellationToken) =>
        new Writer(await inner.CreateAsync(name, cancellationToken), cap);

    public void Dispose() => inner.Dispose();

    private sealed class Writer(IEvidenceWriter inner, BandwidthCap cap) : IEvidenceWriter
    {
        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            await cap.WaitAsync(bytes.Length, cancellationToken);
            await inner.WriteAsync(bytes, cancellationToken);
        }

        public Task CommitAsync(CancellationToken cancellationToken) => inner.CommitAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
