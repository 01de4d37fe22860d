using System.Globalization;

namespace Forensics.Local;

/// <summary>A kubelet of 1.20 for one of the two nodes.</summary>
/// <param name="runtime">The arguments that point it at its container runtime.</param>
/// <param name="port">Of its API; <paramref name="healthPort"/> is the one of /healthz.</param>
internal sealed class Kubelet(
    LocalPaths paths, KubernetesFiles files, string node, IReadOnlyList<string> runtime, int port, int healthPort)
{
    /// <summary>Holds the volumes of the node's pods.</summary>
    public string RootFolder => RootOf(paths, node);

    public static string RootOf(LocalPaths paths, string node) => paths.StateOf(node, "kubelet");

    public Task<bool> IsHealthyAsync(CancellationToken cancellation) =>
        HealthProbe.HttpAsync(new Uri($"http://{LoopbackNetwork.Address}:{healthPort}/healthz"), cancellation);

    public CommandLine CommandLine() => new(
        files.Program("kubelet"),
        [
            .. Identity(),
            .. Serving(),
            .. runtime,
            $"--root-dir={RootFolder}",
            $"--volume-plugin-dir={Path.Combine(RootFolder, "volume-plugins")}",
            $"--experimental-dockershim-root-directory={Path.Combine(RootFolder, "dockershim")}",
            $"--pod-infra-container-image={LocalImages.Pause}",
            .. FitForASharedMachine(),
            // Without the gate it would use /var/lib/kubelet, whatever its root folder.
            ControlPlane.FeatureGates + ",DevicePlugins=false",
        ]);

    private IEnumerable<string> Identity() =>
    [
        $"--hostname-override={node}",
        $"--kubeconfig={files.KubeconfigOf(node)}",
        $"--cert-dir={Path.Combine(RootFolder, "pki")}",
        $"--tls-cert-file={files.Authority.CertificateOf(node)}",
        $"--tls-private-key-file={files.Authority.KeyOf(node)}",
        $"--client-ca-file={files.Authority.CertificateFile}",
        "--anonymous-auth=false",
        "--authentication-token-webhook",
        "--authorization-mode=Webhook",
    ];

    private IEnumerable<string> Serving() =>
    [
        $"--address={LoopbackNetwork.Address}",
        "--port=" + port.ToString(CultureInfo.InvariantCulture),
        $"--healthz-bind-address={LoopbackNetwork.Address}",
        "--healthz-port=" + healthPort.ToString(CultureInfo.InvariantCulture),
        "--read-only-port=0",
    ];

    /// <summary>It must not take the machine for its own: no cgroups or iptables of its own, no eviction, no swap check.</summary>
    private static IEnumerable<string> FitForASharedMachine() =>
    [
        "--cgroup-driver=cgroupfs",
        "--cgroups-per-qos=false",
        "--enforce-node-allocatable=",
        "--make-iptables-util-chains=false",
        "--fail-swap-on=false",
        "--eviction-hard=nodefs.available<1%",
        "--image-gc-high-threshold=100",
        "--oom-score-adj=0",
        "--resolv-conf=",
        "--serialize-image-pulls=false",
    ];
}
