using k8s;
using k8s.Exceptions;

namespace Forensics.Controller;

/// <summary>Finds out how to reach the API server.</summary>
internal static class KubernetesConnection
{
    private const string NamespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";
    private const string NamespaceOutsideCluster = "forensics-system";

    /// <summary>From --kubeconfig if given, else in-cluster, else $KUBECONFIG, else ~/.kube/config.</summary>
    /// <exception cref="KubeConfigException">There is none, or it cannot be used.</exception>
    /// <param name="requestTimeout">Of the library's typed calls. Lists and watches are our own and have their own. The default is a minute.</param>
    /// <param name="pings">client-go's if null.</param>
    public static Kubernetes Open(
        string kubeconfig, string context, TimeSpan? requestTimeout = null, ConnectionPings? pings = null, params DelegatingHandler[] handlers)
    {
        var configuration = Configure(kubeconfig, context);
        configuration.HttpClientTimeout = requestTimeout ?? ControllerOptions.DefaultRequestTimeout;
        configuration.FirstMessageHandlerSetup = handler => NoticeDeadConnections(handler, pings ?? ConnectionPings.Default);
        configuration.UserAgent = $"forensics-controller/{BuildInfo.Version}";
        return new Kubernetes(configuration, handlers);
    }

    // A peer that is gone without a word (its node died) is noticed in less than a minute, not when TCP gives up.
    private static void NoticeDeadConnections(SocketsHttpHandler handler, ConnectionPings pings)
    {
        handler.ConnectTimeout = TimeSpan.FromSeconds(30);
        handler.KeepAlivePingDelay = pings.Delay;
        handler.KeepAlivePingTimeout = pings.Timeout;
    }

    /// <summary>The namespace that this process runs in.</summary>
    public static string OwnNamespace() =>
        File.Exists(NamespaceFile) ? File.ReadAllText(NamespaceFile).Trim() : NamespaceOutsideCluster;

    private static KubernetesClientConfiguration Configure(string kubeconfig, string context)
    {
        if (kubeconfig.Length == 0 && KubernetesClientConfiguration.IsInCluster()) return KubernetesClientConfiguration.InClusterConfig();

        var candidates = Files(kubeconfig);
        var file = Array.Find(candidates, candidate => candidate.Exists) ?? throw new KubeConfigException(
            $"No kubeconfig at {string.Join(", ", candidates.Select(f => f.FullName))}, and this is no pod of a cluster: give one with --kubeconfig.");
        return KubernetesClientConfiguration.BuildConfigFromConfigObject(Kubeconfig.Read(file), context.Length == 0 ? null : context);
    }

    // $KUBECONFIG may name several files; the first that is there counts.
    private static FileInfo[] Files(string kubeconfig)
    {
        if (kubeconfig.Length > 0) return [new FileInfo(kubeconfig)];
        var paths = Environment.GetEnvironmentVariable("KUBECONFIG");
        return string.IsNullOrEmpty(paths)
            ? [new FileInfo(KubernetesClientConfiguration.KubeConfigDefaultLocation)]
            : [.. paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(path => new FileInfo(path))];
    }
}
