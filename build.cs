#!/usr/bin/env dotnet
// The list of tasks; their code is in deploy/local. Usage: dotnet run build.cs TASK, dotnet run build.cs help
#:include deploy/local/**/*.cs
using Forensics.Local;

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupt.Cancel();
};

return await new TaskList([new ClusterTask(Console.Out)], Console.Out, Console.Error).RunAsync(args, interrupt.Token);
