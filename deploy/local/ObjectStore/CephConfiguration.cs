namespace Forensics.Local;

/// <summary>Folders, keys and settings of a Ceph that consists of one monitor, one OSD and one S3 gateway.</summary>
internal sealed class CephConfiguration(LocalPaths paths)
{
    public const string Monitor = "a";
    public const string Osd = "0";
    public const string Gateway = "client.rgw";

    /// <summary>The most it can store, in bytes. A sparse file: it takes up what was once written.</summary>
    private const long StoreSize = 30L << 30;

    private const string MonitorAddress = "[v2:127.96.0.1:3300/0,v1:127.96.0.1:6789/0]";

    public string Folder => paths.StateOf("ceph");

    public string File => Path.Combine(Folder, "ceph.conf");

    public string Keyring => Path.Combine(Folder, "keyring");

    public string MonitorData => paths.StateOf("ceph", "mon");

    public string OsdData => paths.StateOf("ceph", "osd");

    /// <summary>One of Ceph's programs with this configuration.</summary>
    public CommandLine Run(string program, params IReadOnlyList<string> arguments) =>
        new("/usr/bin/" + program, ["--conf", File, .. arguments]);

    /// <summary>Writes the settings; the identity of the cluster is made once.</summary>
    public void Ensure()
    {
        Directory.CreateDirectory(MonitorData);
        Directory.CreateDirectory(OsdData);
        if (!System.IO.File.Exists(Path.Combine(Folder, "fsid"))) PrivateFile.Write(Path.Combine(Folder, "fsid"), Guid.NewGuid().ToString());
        PrivateFile.Write(File, Settings());
    }

    /// <summary>
    /// Makes the keys and the monitor's store unless they are there. Without cephx (auth "none") the gateway stalls, so
    /// every daemon has its key, all in one keyring.
    /// </summary>
    public async Task EnsureMonitorStoreAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(Path.Combine(MonitorData, "store.db"))) return;
        System.IO.File.Delete(Keyring);
        await AddKeyAsync("mon.", cancellation, "mon", "allow *");
        await AddKeyAsync("client.admin", cancellation, "mon", "allow *", "osd", "allow *", "mgr", "allow *");
        await AddKeyAsync("osd." + Osd, cancellation, "mon", "allow profile osd", "mgr", "allow profile osd", "osd", "allow *");
        await AddKeyAsync(Gateway, cancellation, "mon", "allow rw", "osd", "allow rwx");
        var map = Path.Combine(Folder, "monmap");
        System.IO.File.Delete(map);
        await Command.RunAsync(Run("monmaptool", "--create", "--fsid", Fsid, "--addv", Monitor, MonitorAddress, map), cancellation);
        await Command.RunAsync(
            Run("ceph-mon", "--mkfs", "-i", Monitor, "--monmap", map, "--keyring", Keyring), cancellation);
    }

    /// <summary>Registers the OSD and makes its store unless that is there. Needs the monitor.</summary>
    public async Task EnsureOsdStoreAsync(CancellationToken cancellation)
    {
        if (System.IO.File.Exists(Path.Combine(OsdData, "ready"))) return;
        Directory.Delete(OsdData, recursive: true);
        Directory.CreateDirectory(OsdData);
        var key = (await Command.RunAsync(Run("ceph-authtool", Keyring, "--print-key", "--name", "osd." + Osd), cancellation)).Trim();
        var id = Guid.NewGuid().ToString();
        // An interrupted run may have registered an OSD that never came to life.
        await Command.TryAsync(Run("ceph", "osd", "purge-new", Osd, "--yes-i-really-mean-it"), cancellation);
        await Command.RunAsync(Run("ceph", "osd", "new", id, Osd, "-i", "-"), cancellation, $$"""{"cephx_secret":"{{key}}"}""");
        await Command.RunAsync(Run("ceph-osd", "--mkfs", "-i", Osd, "--osd-uuid", id), cancellation);
    }

    private string Fsid => System.IO.File.ReadAllText(Path.Combine(Folder, "fsid"));

    private async Task AddKeyAsync(string name, CancellationToken cancellation, params IReadOnlyList<string> capabilities) =>
        await Command.RunAsync(
            new CommandLine(
                "/usr/bin/ceph-authtool",
                [
                    .. System.IO.File.Exists(Keyring) ? (string[])[] : ["--create-keyring"],
                    Keyring, "--gen-key", "--name", name,
                    .. capabilities.Chunk(2).SelectMany(pair => (string[])["--cap", .. pair]),
                ]),
            cancellation);

    private string Settings() => $"""
        [global]
        fsid = {Fsid}
        mon host = {MonitorAddress}
        public addr = {LoopbackNetwork.Address}
        cluster addr = {LoopbackNetwork.Address}
        auth cluster required = cephx
        auth service required = cephx
        auth client required = cephx
        auth allow insecure global id reclaim = false
        keyring = {Keyring}
        run dir = {Folder}
        admin socket = {Folder}/$name.$pid.asok
        log file = /dev/null
        log to stderr = true
        err to stderr = true
        crash dir = {Folder}/crash
        mon data = {MonitorData}
        mon cluster log file = /dev/null
        mon allow pool size one = true
        osd pool default size = 1
        osd pool default min size = 1
        osd pool default pg num = 8
        osd pool default pgp num = 8
        osd pool default pg autoscale mode = off
        osd crush chooseleaf type = 0
        osd data = {OsdData}
        osd memory target = 939524096
        bluestore block size = {StoreSize}
        bluestore block create = true
        rgw frontends = beast endpoint={LoopbackNetwork.Address}:{LoopbackNetwork.ObjectStorePort}
        rgw data = {Folder}/rgw
        # A garbage-collected multipart upload need not wait for hours in a store of this size.
        rgw gc obj min wait = 60
        rgw gc processor period = 60

        """;
}
