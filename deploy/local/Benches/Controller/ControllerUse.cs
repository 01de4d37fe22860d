namespace Forensics.Local;

/// <summary>What a controller process has used and done so far.</summary>
internal readonly record struct ControllerUse(double CpuSeconds, double ResidentMib, double PeakMib, double AllocatedBytes, double Reconciles, double Requests)
{
    public static ControllerUse operator +(ControllerUse a, ControllerUse b) => new(
        a.CpuSeconds + b.CpuSeconds, b.ResidentMib, Math.Max(a.PeakMib, b.PeakMib), a.AllocatedBytes + b.AllocatedBytes, a.Reconciles + b.Reconciles, a.Requests + b.Requests);

    public static ControllerUse operator -(ControllerUse a, ControllerUse b) => a with
    {
        CpuSeconds = a.CpuSeconds - b.CpuSeconds,
        AllocatedBytes = a.AllocatedBytes - b.AllocatedBytes,
        Reconciles = a.Reconciles - b.Reconciles,
        Requests = a.Requests - b.Requests,
    };
}
