using Forensics.Controller.Informers;

namespace Forensics.Controller.Reconciling;

/// <summary>Brings what is towards what should be, for one key. Level-triggered: any call may be the first after a crash,
/// and doing it twice does it once. An exception means: try again after a back-off.</summary>
internal interface IReconciler
{
    Task<Result> ReconcileAsync(ResourceKey key, CancellationToken cancellationToken);
}
