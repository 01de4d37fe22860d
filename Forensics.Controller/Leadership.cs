using System.Net;
using Forensics.Controller.Informers;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Forensics.Controller;

/// <summary>One active replica of many, by a Lease: client-go's rules. Whoever holds the Lease renews it; the others take it
/// when it has not changed for its whole duration by their own clock, so that clocks of nodes need not agree. A leader that
/// cannot renew gives up (<see cref="RenewDeadline"/>) before any other may take over (<see cref="LeaseDuration"/>).</summary>
internal sealed class Leadership(IKubernetes kubernetes, string namespaceName, string identity, TimeProvider time, ILogger<Leadership> log)
{
    public const string LeaseName = "forensics-controller-leader";
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan RenewDeadline = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan AttemptTimeout = RenewDeadline / 2;

    // The Lease as last seen, and since when it has been like that by our clock.
    private V1Lease? _seen;
    private long _seenAt;

    // When the last renewal that succeeded was sent. The server wrote it later than that, so the others count from later on.
    private long _renewedAt;

    /// <summary>With a name of this process's own; an empty namespace means the one that it runs in.</summary>
    public static Leadership Create(IKubernetes kubernetes, string namespaceName, TimeProvider time, ILoggerFactory loggers) => new(
        kubernetes,
        namespaceName.Length == 0 ? KubernetesConnection.OwnNamespace() : namespaceName,
        $"{Environment.MachineName}_{Guid.NewGuid()}", // As client-go: readable, and another one after a restart.
        time,
        loggers.CreateLogger<Leadership>());

    /// <summary>Waits until this process holds the Lease.</summary>
    public async Task AcquireAsync(CancellationToken cancellationToken)
    {
        log.WaitingForLease(namespaceName, LeaseName, identity);
        while (!await TryAcquireOrRenewAsync(cancellationToken))
            await Task.Delay(RetryPeriod * (1 + Jitter.Next()), time, cancellationToken);
        log.LeaseAcquired(namespaceName, LeaseName, identity);
    }

    /// <summary>Renews the Lease for as long as that works. Returns when it is lost: this process must stop at once.</summary>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        while (await RenewWithinDeadlineAsync(cancellationToken))
            await Task.Delay(RetryPeriod, time, cancellationToken);
        log.LeaseLost(namespaceName, LeaseName, RenewDeadline.TotalSeconds);
    }

    /// <summary>Gives the Lease back, so that the next one need not wait. Only after all work has stopped.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (_seen?.Spec.HolderIdentity != identity) return;
        if (await AttemptAsync(FreeAsync, cancellationToken) || await AttemptAsync(FreeAsync, cancellationToken)) log.LeaseReleased(namespaceName, LeaseName);
    }

    // Read anew, and tried twice: the last renewal may have been broken off when the server had carried it out, or was about to.
    private async Task<bool> FreeAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(cancellationToken) is not { } lease || lease.Spec.HolderIdentity != identity) return false;
        return await WriteAsync(Holding(lease, holder: "", TimeSpan.FromSeconds(1)), cancellationToken); // client-go's way to say so.
    }

    private bool HeldByAnother => !string.IsNullOrEmpty(_seen?.Spec.HolderIdentity) && _seen.Spec.HolderIdentity != identity;

    // One failed attempt is nothing: API servers restart. Only the deadline counts.
    private async Task<bool> RenewWithinDeadlineAsync(CancellationToken cancellationToken)
    {
        var left = RenewDeadline - time.GetElapsedTime(_renewedAt);
        if (left <= TimeSpan.Zero) return false; // This process stood still.

        using var deadline = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            while (!await TryAcquireOrRenewAsync(either.Token))
            {
                if (HeldByAnother) return false;
                await Task.Delay(RetryPeriod, time, either.Token);
            }

            return true;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private Task<bool> TryAcquireOrRenewAsync(CancellationToken cancellationToken) => AttemptAsync(
        async token =>
        {
            if (await ReadAsync(token) is not { } lease) return await RenewAsync(CreateAsync, token);
            Observe(lease);
            if (HeldByAnother && time.GetElapsedTime(_seenAt) < DurationOf(lease)) return false;
            return await RenewAsync(sending => WriteAsync(Holding(lease, identity, LeaseDuration), sending), token);
        },
        cancellationToken);

    // Another replica was faster (409), or the API server did not answer in time: not held now, and nothing to stop for yet.
    private async Task<bool> AttemptAsync(Func<CancellationToken, Task<bool>> attempt, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(AttemptTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await attempt(either.Token);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.Conflict)
        {
            return false;
        }
        catch (Exception e) when (e is HttpOperationException or HttpRequestException or IOException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            log.LeaseFailed(namespaceName, LeaseName, ApiProblem.Explain(e, "the Lease"));
            return false;
        }
    }

    private async Task<bool> RenewAsync(Func<CancellationToken, Task<bool>> write, CancellationToken cancellationToken)
    {
        var sentAt = time.GetTimestamp();
        if (!await write(cancellationToken)) return false;
        _renewedAt = sentAt;
        return true;
    }

    private async Task<V1Lease?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await kubernetes.CoordinationV1.ReadNamespacedLeaseAsync(LeaseName, namespaceName, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private async Task<bool> CreateAsync(CancellationToken cancellationToken)
    {
        var none = new V1Lease
        {
            Metadata = new V1ObjectMeta { Name = LeaseName, NamespaceProperty = namespaceName },
            Spec = new V1LeaseSpec(),
        };
        var lease = Holding(none, identity, LeaseDuration);
        Observe(await kubernetes.CoordinationV1.CreateNamespacedLeaseAsync(lease, namespaceName, cancellationToken: cancellationToken));
        return true;
    }

    // The resourceVersion goes along: if anybody wrote in between, this fails with a conflict.
    private async Task<bool> WriteAsync(V1Lease lease, CancellationToken cancellationToken)
    {
        Observe(await kubernetes.CoordinationV1.ReplaceNamespacedLeaseAsync(lease, LeaseName, namespaceName, cancellationToken: cancellationToken));
        return true;
    }

    private void Observe(V1Lease lease)
    {
        if (_seen?.Metadata.ResourceVersion == lease.Metadata.ResourceVersion) return;
        _seen = lease;
        _seenAt = time.GetTimestamp();
    }

    // A copy: what was seen stays as it was seen until the API server says otherwise.
    private V1Lease Holding(V1Lease lease, string holder, TimeSpan duration)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var changesHands = lease.Spec.HolderIdentity != holder;
        return new V1Lease
        {
            Metadata = lease.Metadata,
            Spec = new V1LeaseSpec
            {
                HolderIdentity = holder,
                LeaseDurationSeconds = (int)duration.TotalSeconds,
                AcquireTime = changesHands ? now : lease.Spec.AcquireTime,
                RenewTime = now,
                LeaseTransitions = (lease.Spec.LeaseTransitions ?? 0) + (changesHands && holder.Length > 0 ? 1 : 0),
            },
        };
    }

    private static TimeSpan DurationOf(V1Lease lease) =>
        lease.Spec.LeaseDurationSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : LeaseDuration;
}
