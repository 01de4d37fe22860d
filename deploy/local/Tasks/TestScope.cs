namespace Forensics.Local;

/// <summary>How much of the tests is run; each takes in the one before it.</summary>
internal enum TestScope
{
    /// <summary>What needs no cluster, and seconds.</summary>
    Quick,

    /// <summary>What needs the cluster as well, in minutes.</summary>
    Cluster,

    /// <summary>Tests of the category Long as well: minutes each.</summary>
    Long,
}
