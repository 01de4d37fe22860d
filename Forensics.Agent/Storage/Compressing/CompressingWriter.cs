namespace Forensics.Agent.Storage.Compressing;

/// <summary>Compresses what passes through to the inner writer: in frames of a MiB, as many at once as there are processors to work
/// on them, stored in their order. What is in memory is bounded by their number.</summary>
internal sealed class CompressingWriter(IEvidenceWriter inner, Func<IFrameCompressor> compressor, int workers) : IEvidenceWriter
{
    /// <summary>Of the source. Larger frames compress little better, and cost memory.</summary>
    public const int FrameLength = 1 << 20;

    private readonly Queue<Frame> _underway = new();
    private readonly Stack<Frame> _idle = new();
    private Frame? _filling;
    private bool _isEmpty = true;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            _filling ??= _idle.TryPop(out var idle) ? idle : new Frame(compressor());
            bytes = bytes[_filling.Fill(bytes.Span)..];
            if (_filling.IsFull) await StartAsync(cancellationToken);
        }
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        // Nothing at all is one empty frame: a file of no bytes is no archive of its kind.
        if (_isEmpty) _filling ??= new Frame(compressor());
        if (_filling is not null) await StartAsync(cancellationToken);
        while (_underway.Count > 0) await StoreOldestAsync(cancellationToken);
        await inner.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        // A frame that is still worked on uses memory that its compressor frees.
        foreach (var frame in _underway) await frame.EndAsync();
        foreach (var frame in _underway.Concat(_idle)) frame.Dispose();
        _filling?.Dispose();
        await inner.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var frame = _filling!;
        _filling = null;
        _isEmpty = false;
        frame.Start();
        _underway.Enqueue(frame);
        if (_underway.Count > workers) await StoreOldestAsync(cancellationToken);
    }

    private async Task StoreOldestAsync(CancellationToken cancellationToken)
    {
        var compressed = await _underway.Peek().EndAsync();
        await inner.WriteAsync(compressed, cancellationToken);
        _idle.Push(_underway.Dequeue());
    }

    private sealed class Frame(IFrameCompressor compressor) : IDisposable
    {
        private readonly byte[] _source = new byte[FrameLength];
        private readonly byte[] _compressed = new byte[compressor.Bound(FrameLength)];
        private int _filled;
        private Task<int> _compressing = Task.FromResult(0);

        public bool IsFull => _filled == _source.Length;

        /// <summary>Takes as much as fits; returns how much that was.</summary>
        public int Fill(ReadOnlySpan<byte> bytes)
        {
            var taken = Math.Min(bytes.Length, _source.Length - _filled);
            bytes[..taken].CopyTo(_source.AsSpan(_filled));
            _filled += taken;
            return taken;
        }

        public void Start()
        {
            var length = _filled;
            _filled = 0;
            _compressing = Task.Run(() => compressor.Compress(_source.AsSpan(0, length), _compressed));
        }

        public async Task<ReadOnlyMemory<byte>> EndAsync() => _compressed.AsMemory(0, await _compressing);

        public void Dispose() => compressor.Dispose();
    }
}
