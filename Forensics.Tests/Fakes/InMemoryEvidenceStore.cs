using System.Collections.Concurrent;
using Forensics.Agent.Storage;
using Forensics.Api;

namespace Forensics.Tests.Fakes;

/// <summary>An evidence store in memory, with a hook before each call on an object.</summary>
internal sealed class InMemoryEvidenceStore : IEvidenceStore
{
    public ConcurrentDictionary<string, byte[]> Objects { get; } = new();
    public List<string> CommitOrder { get; } = [];

    /// <summary>Called with the object's name before it is opened; throws to play a failing store.</summary>
    public Func<string, CancellationToken, Task> BeforeCreate { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Called with the object's name before each of its pieces is taken: the middle of a stream, for a test to do harm in.</summary>
    public Func<string, Task> BeforeWrite { get; set; } = _ => Task.CompletedTask;
    public string Location => "memory://evidence/folder/";

    public async Task<IEvidenceWriter> CreateAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await BeforeCreate(EvidenceName.Checked(name), cancellationToken);
        return new Writer(this, name);
    }

    public string Text(string name) => System.Text.Encoding.UTF8.GetString(Objects[name]);

    public void Dispose()
    {
    }

    private sealed class Writer(InMemoryEvidenceStore store, string name) : IEvidenceWriter
    {
        private readonly MemoryStream _bytes = new();
        private bool _committed;

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (_committed) throw new InvalidOperationException("Committed.");
            cancellationToken.ThrowIfCancellationRequested();
            await store.BeforeWrite(name);
            _bytes.Write(bytes.Span);
        }

        public Task CommitAsync(CancellationToken cancellationToken)
        {
            if (_committed) throw new InvalidOperationException("Committed.");
            cancellationToken.ThrowIfCancellationRequested();
            if (!store.Objects.TryAdd(name, _bytes.ToArray())) throw new StoreException(Reasons.ObjectExists, $"{name} exists.");
            lock (store.CommitOrder) store.CommitOrder.Add(name);
            _committed = true;
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => _bytes.DisposeAsync();
    }
}
