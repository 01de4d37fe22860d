using System.Runtime.InteropServices;
using Forensics.Agent.Capture;
using Forensics.Api;
using Microsoft.Extensions.Logging;

namespace Forensics.Agent.Commands;

/// <summary>SIGTERM (a deleted Job or pod) and SIGINT (a person at the keyboard) end a capture in order.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations;

    public StopSignals(CaptureLifetime lifetime, ILogger logger)
    {
        _registrations = [Register(PosixSignal.SIGTERM), Register(PosixSignal.SIGINT)];

        PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            logger.Signalled(signal);
            lifetime.Stop(Reasons.Cancelled, $"The capture was cancelled ({signal}): its agent was told to end before it was done.");
        });
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());
}
