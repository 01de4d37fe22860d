namespace Forensics.Tests.Fakes;

internal static class Never
{
    /// <summary>Hangs until cancelled, then throws.</summary>
    public static Task EndsAsync(CancellationToken cancellationToken) => new TaskCompletionSource().Task.WaitAsync(cancellationToken);
}
