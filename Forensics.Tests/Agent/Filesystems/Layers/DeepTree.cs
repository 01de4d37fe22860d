namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>Directories within each other, each with a file, deeper than a path can say.</summary>
internal static class DeepTree
{
    public static void Make(string folder, int depth)
    {
        var directory = RawFiles.OpenDirectory(folder);
        for (var i = 0; i < depth; i++)
        {
            RawFiles.WriteAt(directory, "file", "content"u8);
            var child = RawFiles.Descend(directory, "d");
            directory.Dispose();
            directory = child;
        }

        directory.Dispose();
    }
}
