using Forensics.Agent.Commands;

return await AgentCommandLine.InvokeAsync(
    args, new AgentHost(Environment.GetEnvironmentVariable, Console.Out, Console.Error, TimeProvider.System));
