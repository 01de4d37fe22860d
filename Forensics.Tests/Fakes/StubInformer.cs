using Forensics.Controller.Informers;

namespace Forensics.Tests.Fakes;

/// <summary>An informer that is synced, or breaks, when the test says so.</summary>
internal sealed class StubInformer : IInformer
{
    private readonly TaskCompletionSource _synced = new();
    private readonly TaskCompletionSource _started = new();
    private readonly TaskCompletionSource _broken = new();

    public string Name => "things";

    public Task Synced => _synced.Task;

    public bool HasSynced => _synced.Task.IsCompleted;

    public string? Problem { get; set; }

    public Task Started => _started.Task;

    public bool Stopped { get; private set; }

    /// <summary>What becomes of the keys that it holds.</summary>
    public Action TellingAll { get; set; } = () => { };

    public void TellAll() => TellingAll();

    public void Sync() => _synced.TrySetResult();

    public void Break(Exception exception) => _broken.TrySetException(exception);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _started.TrySetResult();
        try
        {
            await _broken.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Stopped = true;
        }
    }
}
