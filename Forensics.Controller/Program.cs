using Forensics.Controller;
using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Cluster;
using Forensics.Controller.Informers;
using Forensics.Controller.Queues;
using Forensics.Controller.Reconciling;
using k8s.Exceptions;
using Prometheus;
using Metrics = Forensics.Controller.Metrics;

if (CommandLine.Read(args, Console.Out, Console.Error, out var exitCode) is not { } options) return exitCode;
try
{
    return await RunAsync(options);
}
catch (Exception e) when (e is KubeConfigException or IOException)
{
    await Console.Error.WriteLineAsync($"forensics-controller: {e.Message}");
    return 1;
}

static async Task<int> RunAsync(ControllerOptions options)
{
    const string Name = "podcheckpoint"; // As controller-runtime names a controller: its kind in lower case.
    var time = TimeProvider.System;

    using var stop = new StopSignals();
    using var trim = HeapTrim.Start(time);
    KubernetesModels.Use();
    var registry = Prometheus.Metrics.NewCustomRegistry();
    using var loggers = Logging.Create(options.LogFormat, options.LogLevel);
    using var kubernetes = KubernetesConnection.Open(options.Kubeconfig, options.Context, options.RequestTimeout, handlers: new RequestCounter(registry));
    var log = loggers.CreateLogger<Manager>();
    log.Starting(BuildInfo.Version, kubernetes.BaseUri);
    if (options.Capture.AllowedDestinations.Count == 0) log.AnyDestinationAllowed();

    var metrics = new Metrics(registry);
    var captureMetrics = new CaptureMetrics(registry);
    DotNetStats.Register(registry);

    using var queue = new RateLimitingQueue(Name, metrics, time);
    var gate = new QueueGate(queue);
    var caches = new Caches(kubernetes, options, gate, new ReflectorMetrics(registry), time, loggers);
    var captures = Captures.Over(caches, new KubernetesClusterApi(kubernetes, options.Capture, time), key => queue.Add(key), captureMetrics, options, time, loggers);
    var controller = new Controller(Name, captures.Reconciler, queue, metrics, time, loggers.CreateLogger<Controller>());
    var sweep = new Chore("Sweep", captures.Sweeper.SweepAllAsync, TimeSpan.FromMinutes(10), time, loggers.CreateLogger<Chore>());
    var leadership = options.EnableLeaderElection ? Leadership.Create(kubernetes, options.LeaderElectionNamespace, time, loggers) : null;
    var manager = new Manager(caches.All, queue, gate, controller, sweep, leadership, options.Workers, time, log);
    captureMetrics.ShowCensus(() => manager.IsWorking ? CaptureCensus.Of(caches.PodCheckpoints.List(), caches.Jobs, options.Capture.CaptureDeadline, time.GetUtcNow()) : null);
    if (leadership is not null) metrics.ShowLeadership(Leadership.LeaseName, () => manager.IsWorking);

    await using var metricsEndpoint = await MetricsEndpoint.StartAsync(options, registry, kubernetes, time, loggers);
    await using var probesEndpoint = await HttpEndpoint.StartAsync(options.HealthProbeAddress, Endpoints.Probes(caches.All));

    return await manager.RunAsync(stop.Token) ? 0 : 1;
}
