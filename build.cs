#!/usr/bin/env dotnet
// The list of tasks; their code is in deploy/local. Usage: dotnet run build.cs TASK, dotnet run build.cs help
// (Without the property, every fresh machine would first download a compiler to native code.)
#:include deploy/local/**/*.cs
#:property PublishAot=false
using System.Runtime.InteropServices;
using Forensics.Local;

using var interrupt = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

var paths = LocalPaths.FromEnvironment();
var tasks = new TaskList(
    [
        new DemoTask(paths, Console.Out),
        new TestTask(paths, Console.Out, Console.Error),
        new BenchTask(new DecodeBench(Console.Out), new ControllerBench(paths, Console.Out), new AgentBench(paths, Console.Out)),
        new ImagesTask(paths),
        new DeployTask(paths, Console.Out),
        new ClusterTask(paths, Console.Out),
    ],
    Console.Out,
    Console.Error);
return await tasks.RunAsync(args, interrupt.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // Tasks end in order: what they started is stopped.
    interrupt.Cancel();
}
