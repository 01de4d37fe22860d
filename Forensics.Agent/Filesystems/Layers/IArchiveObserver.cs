namespace Forensics.Agent.Filesystems.Layers;

/// <summary>Is told what an archive lacks, while it is written, on the thread that writes it.</summary>
internal interface IArchiveObserver
{
    void Note(ArchiveNote note);
}
