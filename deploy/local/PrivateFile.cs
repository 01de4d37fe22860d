using System.Text;

namespace Forensics.Local;

/// <summary>Files that only their owner may read, and that are whole or not there at all.</summary>
internal static class PrivateFile
{
    public static void Write(string path, string content)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(temporary, options)) stream.Write(Encoding.UTF8.GetBytes(content));
        File.Move(temporary, path, overwrite: true);
    }
}
