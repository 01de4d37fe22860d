using System.Runtime.CompilerServices;
using System.Text;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Tests.Fakes;

/// <summary>A container as the fake runtime holds it.</summary>
internal sealed class FakeContainer
{
    public string Logs { get; set; } = "2026-11-24T04:55:00Z stdout F hello\n";
    public IReadOnlyList<FileChange> Changes { get; set; } = [];

    /// <summary>What the second diff says; null for the same as the first.</summary>
    public IReadOnlyList<FileChange>? LaterChanges { get; set; }
    public Func<Stream> Export { get; set; } = () => new MemoryStream(TestArchive.Of(("etc/", ""), ("etc/passwd", "root")));
    public string? SharedMemory { get; set; }
    public UserNamespace? UserNamespace { get; set; }
    public int DiffsAsked { get; set; }

    /// <summary>What the first diff breaks off with, after all its lines; null if it ends well.</summary>
    public RuntimeException? DiffBreaksOff { get; set; }
}

/// <summary>A container runtime in memory, with a hook before each call.</summary>
internal sealed class FakeContainerRuntime : IContainerRuntime, IRuntimeExport
{
    public Dictionary<string, FakeContainer> Containers { get; } = [];
    public List<HeldContainer> Held { get; } = [];
    public List<string> Calls { get; } = [];

    /// <summary>Called with <c>inspect ID</c>, <c>logs ID</c>, <c>diff ID</c>, <c>export ID</c>, <c>locate ID</c>, <c>identify</c> or <c>list UID</c>;
    /// throws or waits to play a failing runtime.</summary>
    public Func<string, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;
    public string Name => "docker";

    public IRuntimeExport? Export => HasExport ? this : null;

    /// <summary>False plays a runtime of the CRI.</summary>
    public bool HasExport { get; set; } = true;

    public RootLocation Root { get; set; } = RootLocation.Unreachable(Reasons.LayersUnreachable, "The fake has no layers.");

    public async Task<RuntimeIdentity> IdentifyAsync(CancellationToken cancellationToken)
    {
        await CallAsync("identify", cancellationToken);
        return new RuntimeIdentity { Name = Name, Version = "1.0" };
    }

    public async Task<IReadOnlyList<HeldContainer>> ListPodAsync(string podUid, CancellationToken cancellationToken)
    {
        await CallAsync($"list {podUid}", cancellationToken);
        return Held;
    }

    public async Task<InspectedContainer> InspectAsync(string id, CancellationToken cancellationToken)
    {
        await CallAsync($"inspect {id}", cancellationToken);
        var container = Find(id);
        var json = $$"""{"Id":"{{id}}"}""";
        return new InspectedContainer
        {
            Id = id,
            Json = Encoding.UTF8.GetBytes(json),
            Printed = Encoding.UTF8.GetBytes($"[{json}]\n"),
            Name = id,
            Image = "image:1",
            SharedMemory = container.SharedMemory,
            UserNamespace = container.UserNamespace,
        };
    }

    public async IAsyncEnumerable<FileChange> DiffAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CallAsync($"diff {id}", cancellationToken);
        var container = Find(id);
        foreach (var change in container.DiffsAsked++ == 0 ? container.Changes : container.LaterChanges ?? container.Changes) yield return change;
        if (container.DiffBreaksOff is { } error) throw error;
    }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLogsAsync(
        InspectedContainer container, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CallAsync($"logs {container.Id}", cancellationToken);
        yield return Encoding.UTF8.GetBytes(Find(container.Id).Logs);
    }

    public async Task<Stream> OpenAsync(string id, CancellationToken cancellationToken)
    {
        await CallAsync($"export {id}", cancellationToken);
        return Find(id).Export();
    }

    public async Task<ReadOnlyMemory<byte>> ReadHistoryAsync(InspectedContainer container, CancellationToken cancellationToken)
    {
        await CallAsync($"history {container.Id}", cancellationToken);
        Find(container.Id);
        return "[]"u8.ToArray();
    }

    public async Task<RootLocation> LocateRootAsync(InspectedContainer container, CancellationToken cancellationToken)
    {
        await Before($"locate {container.Id}", cancellationToken);
        return Root;
    }

    public void Dispose()
    {
    }

    private Task CallAsync(string call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Calls.Add(call);
        return Before(call, cancellationToken);
    }

    private FakeContainer Find(string id) =>
        Containers.GetValueOrDefault(id) ?? throw new RuntimeException(Reasons.ContainerGone, $"No such container: {id}");
}
