using Forensics.Agent.Filesystems.Layers;
using Forensics.Agent.Runtimes;
using Forensics.Api;

namespace Forensics.Agent.Capture.Roots;

/// <summary>Chooses how a container's root file system is read: by its layers where they can be reached and are all there is to it,
/// else by the runtime's own export, else by what can be reached of the layers; unless one way was asked for.</summary>
internal sealed class RootReadings(ExportMethod method, RootLocation location, IContainerRuntime runtime, string id)
{
    public bool TakesLayers => method switch
    {
        ExportMethod.Layers => true,
        ExportMethod.Runtime => false,
        _ => location is { Layers: not null, Problem: null } || runtime.Export is null,
    };

    /// <summary>True if layers can be read, and one of them is the container's own.</summary>
    public bool KnowsWhatWasWritten => TakesLayers && location.Written is not null;

    /// <param name="notes">Is told what the layers lack.</param>
    /// <exception cref="RuntimeException">That way cannot be gone.</exception>
    public IRootReading Whole(ArchiveNotes notes)
    {
        if (TakesLayers) return Layers(new ArchiveOptions(), notes);
        var export = runtime.Export
            ?? throw new RuntimeException(Reasons.RuntimeFailed, $"The runtime {runtime.Name} exports no file systems; ask for the method Auto or Layers.");
        return new RuntimeReading(export, id, method == ExportMethod.Auto ? location.Problem?.Message : null);
    }

    /// <summary>What keeps the layers below from being read takes nothing from what lies in the container's own.</summary>
    public LayersReading OnlyWritten(ArchiveNotes notes)
    {
        var options = new ArchiveOptions { OnlyWritten = true };
        return location is { Layers: null, OwnLayer: { } own } ? new LayersReading(own, null, options, notes) : Layers(options, notes);
    }

    private LayersReading Layers(ArchiveOptions options, ArchiveNotes notes) => location.Layers is { } layers
        ? new LayersReading(layers, location.Problem, options, notes)
        : throw new RuntimeException(location.Problem!.Reason, location.Problem.Message);
}
