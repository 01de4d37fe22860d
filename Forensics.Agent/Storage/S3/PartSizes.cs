namespace Forensics.Agent.Storage.S3;

/// <summary>Sizes of an upload's parts when its length is not known before its end. S3 takes 10,000 parts and 5 TiB, and a part is
/// held in memory to be sent again, so parts stay small for as long as the numbers allow.</summary>
/// <remarks>With 5 MiB at first: 1,000 parts of 5 MiB (4.9 GiB), 4,000 of 10 MiB (44 GiB); what is beyond is a 1,040th of what
/// precedes, 43 MiB at 44 GiB and 4.9 GiB at the very end. Up to 44 GiB memory does not depend on the object's length.</remarks>
internal static class PartSizes
{
    public const int MaxParts = 10_000;
    public const long MaxObject = 5L << 40;

    private const int Small = 1_000;
    private const int Doubled = 5_000;
    private const int Share = 1_040;

    /// <summary>Bytes of a part: whole slabs.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="offset">What precedes it.</param>
    /// <param name="first">Size of the first part.</param>
    public static long Of(int number, long offset, long first) => number switch
    {
        <= Small => first,
        <= Doubled => 2 * first,
        _ => Math.Max(2 * first, (offset / Share / SlabPool.SlabLength + 1) * SlabPool.SlabLength),
    };
}
