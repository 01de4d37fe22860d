using Forensics.Controller;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace Forensics.Tests.Controller;

[Category("Cluster")]
internal sealed class RealLeaseTests
{
    [Test]
    public async Task A_real_Lease_passes_from_hand_to_hand()
    {
        using var kubernetes = ClusterConnection.Open();
        var ns = $"lease-{Guid.NewGuid():N}";
        await kubernetes.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = ns } });
        try
        {
            Leadership Replica(string name) => new(kubernetes, ns, name, TimeProvider.System, NullLogger<Leadership>.Instance);
            var (one, two) = (Replica("one"), Replica("two"));
            await Eventually.EndsAsync(one.AcquireAsync(CancellationToken.None));
            using var stop = new CancellationTokenSource();
            var holding = one.HoldAsync(stop.Token);
            var waiting = two.AcquireAsync(stop.Token);

            var first = (await LeaseAsync()).Spec.RenewTime;
            await Eventually.IsTrueAsync(async () => (await LeaseAsync()).Spec.RenewTime > first, "the Lease is renewed");
            waiting.IsCompleted.Should().BeFalse();

            await stop.CancelAsync();
            await Task.WhenAll(holding, waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await one.ReleaseAsync(CancellationToken.None);
            await Eventually.EndsAsync(two.AcquireAsync(CancellationToken.None));
            (await LeaseAsync()).Spec.HolderIdentity.Should().Be("two");

            Task<V1Lease> LeaseAsync() => kubernetes.CoordinationV1.ReadNamespacedLeaseAsync(Leadership.LeaseName, ns);
        }
        finally
        {
            await kubernetes.CoreV1.DeleteNamespaceAsync(ns);
        }
    }
}
