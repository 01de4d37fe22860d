using Forensics.Agent.Capture;
using Forensics.Agent.Retries;
using Forensics.Agent.Runtimes;
using Forensics.Agent.Storage;
using Forensics.Agent.Storage.S3;
using Forensics.Api;
using Microsoft.Extensions.Logging;

namespace Forensics.Agent.Commands;

/// <summary>Puts store, runtime, deadline and signals together for one capture.</summary>
internal sealed class CaptureEngine(AgentHost host, S3Options s3, RuntimeOptions runtimeOptions)
{
    public async Task<CaptureOutcome> CaptureAsync(CaptureOrder order, Action<CaptureProgress> report, ILoggerFactory logging)
    {
        TimeSpan? deadline = order.Plan.AgentDeadlineSeconds > 0 ? TimeSpan.FromSeconds(order.Plan.AgentDeadlineSeconds) : null;
        using var lifetime = new CaptureLifetime(deadline, host.Clock);
        using var signals = new StopSignals(lifetime, logging.CreateLogger<StopSignals>());
        var location = EvidenceNames.Location(order.Plan, order.Agent.PodUid ?? "");
        try
        {
            using var store = EvidenceStores.Open(location, s3, new RetryLimits(), host.Environment, host.Clock, logging.CreateLogger("Store"));
            using var paced = Paced(store, order.Plan.MaxBytesPerSecond);
            using var runtime = ContainerRuntimes.Open(runtimeOptions, host.Clock, logging.CreateLogger(runtimeOptions.Name));
            var progress = new ProgressReporter(host.Clock, report);
            return await new PodCapture(order, paced, runtime, runtimeOptions.Layout, progress, lifetime, host.Clock, logging.CreateLogger<PodCapture>()).RunAsync();
        }
        catch (StoreException e)
        {
            // The store could not even be opened.
            return CaptureOutcomes.NothingRead(e.Reason, e.Message, location);
        }
    }

    private IEvidenceStore Paced(IEvidenceStore store, long bytesPerSecond) =>
        bytesPerSecond > 0 ? new CappedEvidenceStore(store, new BandwidthCap(bytesPerSecond, host.Clock)) : store;
}
