namespace Forensics.Agent.Storage.S3;

/// <summary>Sizes of an upload's parts when its length is not known before its end. S3 takes 10,000 parts and 5 TiB, so parts
/// grow with what precedes them, as slowly as will do, since a part is held in memory to be sent again.</summary>
internal static class PartSizes
{
    public const int MaxParts = 10_000;
    public const long MaxObject = 5L << 40;
    private const int Largest = 1 << 30;

    // 1/960 of what precedes, up to 1 GiB, needs 9,800 parts for 5 TiB; a part passes 64 MiB only after 60 GiB.
    private const int Share = 960;

    /// <summary>Bytes of the part that begins at this offset: a multiple of the first part's size, so that buffers are reused.</summary>
    public static int At(long offset, int first)
    {
        var wanted = Math.Clamp(offset / Share, first, Largest);
        var rounded = (wanted + first - 1) / first * first;
        return (int)Math.Min(rounded, Largest);
    }
}
