using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Forensics.Agent.Capture;

/// <summary>Takes note of the next bytes while those before them are being used.</summary>
internal delegate ValueTask Inspection(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

/// <summary>A few pieces of memory that go round between one who fills them, one who may inspect them, and one who uses them, in order.
/// Whoever is faster waits for the others, so that all work at once and memory is bounded.</summary>
internal sealed class SlabQueue : IBufferWriter<byte>
{
    // For a producer that is told to stop to do so.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    // Small enough that what one processor has just filled is still in its cache for the next step.
    private const int SlabLength = 256 * 1024;
    private const int Slabs = 8;

    // So few that the producer is left with some: it is not to be taken for one that hangs because a store takes its time.
    private const int MostInspected = 3;

    private readonly Channel<byte[]> _free = Channel.CreateBounded<byte[]>(Slabs);
    private readonly Channel<ArraySegment<byte>> _filled = Channel.CreateBounded<ArraySegment<byte>>(Slabs);
    private readonly Channel<ArraySegment<byte>> _inspected = Channel.CreateBounded<ArraySegment<byte>>(MostInspected);
    private readonly byte[][] _slabs = [.. Enumerable.Range(0, Slabs).Select(_ => ArrayPool<byte>.Shared.Rent(SlabLength))];
    private readonly CancellationToken _stop;
    private byte[]? _filling;
    private int _length;
    private long _signs;

    private SlabQueue(CancellationToken stop)
    {
        _stop = stop;
        foreach (var slab in _slabs) _free.Writer.TryWrite(slab);
    }

    /// <summary>Yields all that is produced, beginning while it is; everything that came before an error, then the error. A piece is
    /// valid until the next. Whoever stops listening ends the producer.</summary>
    /// <param name="produce">Writes to the queue; may wait by <see cref="GetMemoryAsync"/>, or block in the other two.</param>
    /// <param name="inspect">Is given each piece before it is yielded; null for nothing.</param>
    /// <param name="patience">How long it may neither produce anything nor give a sign of life; null for as long as it likes.</param>
    /// <exception cref="TimeoutException">It did neither for longer.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Func<SlabQueue, CancellationToken, Task> produce,
        Inspection? inspect,
        Patience? patience,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var queue = new SlabQueue(stop.Token);
        var producing = queue.ProduceAsync(produce);
        var inspecting = inspect is null ? Task.CompletedTask : queue.InspectAsync(inspect, patience);
        try
        {
            var slabs = inspect is null ? queue.FilledAsync(patience, stop.Token) : queue._inspected.Reader.ReadAllAsync(stop.Token);
            await foreach (var slab in slabs)
            {
                yield return slab;
                queue._free.Writer.TryWrite(slab.Array!);
            }
        }
        finally
        {
            await stop.CancelAsync();
            // A file system that hangs holds its reader in the kernel, where nothing reaches it: such a one is left behind, with its memory.
            var all = Task.WhenAll(producing, inspecting);
            if (await Task.WhenAny(all, Task.Delay(Farewell, CancellationToken.None)) == all) queue.ReturnSlabs();
        }

        // In this order: whoever found that the producer hangs must not wait for it.
        await inspecting;
        await producing;
    }

    public async ValueTask<Memory<byte>> GetMemoryAsync(CancellationToken cancellationToken)
    {
        if (!HasRoom(1)) _filling = await _free.Reader.ReadAsync(cancellationToken);
        return _filling.AsMemory(_length);
    }

    /// <summary>Blocks until there is room.</summary>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeHint, SlabLength);
        if (!HasRoom(Math.Max(sizeHint, 1))) _filling = _free.Reader.ReadAsync(_stop).AsTask().GetAwaiter().GetResult();
        return _filling.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Advance(int count) => _length += count;

    /// <summary>A sign of life from a producer that has nothing to write for a while.</summary>
    public void IsAlive() => Volatile.Write(ref _signs, _signs + 1);

    private void ReturnSlabs()
    {
        foreach (var slab in _slabs) ArrayPool<byte>.Shared.Return(slab);
    }

    /// <summary>The end is always a plain one: an error given to the channel would overtake the bytes before it.</summary>
    private async Task ProduceAsync(Func<SlabQueue, CancellationToken, Task> produce)
    {
        try
        {
            await produce(this, _stop);
        }
        finally
        {
            HandOver();
            _filled.Writer.Complete();
        }
    }

    private async Task InspectAsync(Inspection inspect, Patience? patience)
    {
        try
        {
            await foreach (var slab in FilledAsync(patience, _stop))
            {
                await inspect(slab, _stop);
                await _inspected.Writer.WriteAsync(slab, _stop);
            }
        }
        finally
        {
            _inspected.Writer.Complete();
        }
    }

    private async IAsyncEnumerable<ArraySegment<byte>> FilledAsync(Patience? patience, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var more = _filled.Reader.WaitToReadAsync(cancellationToken);
            if (!(more.IsCompleted || patience is null ? await more : await InTimeAsync(more.AsTask(), patience, cancellationToken))) yield break;
            while (_filled.Reader.TryRead(out var slab)) yield return slab;
        }
    }

    private async Task<bool> InTimeAsync(Task<bool> more, Patience patience, CancellationToken cancellationToken)
    {
        while (true)
        {
            var signs = Volatile.Read(ref _signs);
            try
            {
                return await more.WaitAsync(patience.Limit, patience.Clock, cancellationToken);
            }
            catch (TimeoutException) when (Volatile.Read(ref _signs) != signs)
            {
                // It has nothing to say, but it works.
            }
        }
    }

    private bool HasRoom(int bytes)
    {
        if (_filling is not null && _filling.Length - _length >= bytes) return true;
        HandOver();
        return false;
    }

    private void HandOver()
    {
        // There are as many places as slabs: this never waits.
        if (_filling is not null && _length > 0) _filled.Writer.TryWrite(new ArraySegment<byte>(_filling, 0, _length));
        else if (_filling is not null) _free.Writer.TryWrite(_filling);
        (_filling, _length) = (null, 0);
    }
}
