using System.Formats.Tar;

namespace Forensics.Tests.Fakes;

internal static class TestArchive
{
    public static readonly DateTimeOffset LongAgo = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Files with their content; a name that ends in a slash is a directory.</summary>
    public static byte[] Of(params (string Name, string Content)[] files) =>
        Of(files.Select(file => (file.Name, file.Content, LongAgo)).ToArray());

    public static byte[] Of(params (string Name, string Content, DateTimeOffset Modified)[] files)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content, modified) in files)
            {
                var isDirectory = name.EndsWith('/');
                var entry = new PaxTarEntry(isDirectory ? TarEntryType.Directory : TarEntryType.RegularFile, name) { ModificationTime = modified };
                if (!isDirectory) entry.DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content));
                writer.WriteEntry(entry);
            }
        }

        return stream.ToArray();
    }
}
