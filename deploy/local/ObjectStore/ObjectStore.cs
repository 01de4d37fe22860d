namespace Forensics.Local;

/// <summary>A real S3 server: Ceph's RADOS Gateway on one monitor and one OSD.</summary>
internal sealed class ObjectStore
{
    private readonly CephConfiguration _ceph;
    private readonly LocalPaths _paths;

    public ObjectStore(LocalPaths paths, TimeProvider time)
    {
        _paths = paths;
        _ceph = new CephConfiguration(paths);
        Monitor = new Daemon(
            "ceph-mon", paths, time,
            () => _ceph.Run("ceph-mon", "-f", "-i", CephConfiguration.Monitor),
            token => HealthProbe.TcpAsync(LoopbackNetwork.CephMonitorPort, token));
        Osd = new Daemon(
            "ceph-osd", paths, time, () => _ceph.Run("ceph-osd", "-f", "-i", CephConfiguration.Osd), _ => Task.FromResult(true));
        Gateway = new Daemon(
            "radosgw", paths, time,
            () => _ceph.Run("radosgw", "-f", "--name", CephConfiguration.Gateway),
            token => HealthProbe.HttpAsync(new Uri(LoopbackNetwork.ObjectStoreUrl), token));
    }

    public Daemon Monitor { get; }

    public Daemon Osd { get; }

    public Daemon Gateway { get; }

    public async Task UpAsync(Progress progress, CancellationToken cancellation)
    {
        _ceph.Ensure();
        await _ceph.EnsureMonitorStoreAsync(cancellation);
        await Monitor.StartAsync(cancellation);
        await _ceph.EnsureOsdStoreAsync(cancellation);
        await Osd.StartAsync(cancellation);
        var started = await Gateway.StartAsync(cancellation);
        await new ObjectStoreUsers(_paths, _ceph).EnsureAsync(cancellation);
        if (started) progress.Say($"S3: ready at {LoopbackNetwork.ObjectStoreUrl}");
    }

    public async Task DownAsync(CancellationToken cancellation)
    {
        await Gateway.StopAsync(cancellation);
        await Osd.StopAsync(cancellation);
        await Monitor.StopAsync(cancellation);
    }
}
