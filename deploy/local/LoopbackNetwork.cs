namespace Forensics.Local;

/// <summary>
/// Where everything listens. The API server's service address is the first of the service range; since the range lies
/// on loopback, pods with host networking reach it with no kube-proxy. All else shares that address, so nothing meets
/// what the machine runs on 127.0.0.1, and nothing is reachable from outside.
/// </summary>
internal static class LoopbackNetwork
{
    public const string Address = "127.96.0.1";
    public const string ServiceRange = "127.96.0.0/16";

    public const int ApiServerPort = 443;
    public const int ControllerManagerPort = 10257;
    public const int SchedulerPort = 10259;
    public const int CephMonitorPort = 3300;
    public const int ObjectStorePort = 7480;

    // Texts, since a Uri prints a slash at the end, which etcd refuses.
    public const string ApiServerUrl = "https://127.96.0.1";
    public const string EtcdUrl = "http://127.96.0.1:2379";
    public const string EtcdPeerUrl = "http://127.96.0.1:2380";
    public const string ObjectStoreUrl = "http://127.96.0.1:7480";
}
