namespace Forensics.Agent.Storage.Compressing;

/// <summary>Compresses pieces that each stand for themselves, so that several can be worked on at once and a damaged one costs no
/// other. One at a time; whoever compresses in parallel has several.</summary>
internal interface IFrameCompressor : IDisposable
{
    /// <summary>How long the result may be at most.</summary>
    int Bound(int length);

    /// <summary>Returns the result's length.</summary>
    int Compress(ReadOnlySpan<byte> source, byte[] destination);
}
