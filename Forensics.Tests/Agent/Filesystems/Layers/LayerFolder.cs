using Forensics.Agent.Filesystems.Layers;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>Layers in a folder that is gone after the test, and what the engine makes of them. Overlayfs' marks are in
/// <c>user.overlay.*</c>, so that no test of these needs root.</summary>
internal sealed class LayerFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _layers;

    /// <param name="layers">How many, the upper among them. One is a plain directory.</param>
    public LayerFolder(int layers)
    {
        _layers = [.. Enumerable.Range(0, layers).Select(i => $"{_folder.Path}/{i}")];
        foreach (var layer in _layers) Directory.CreateDirectory(layer);
    }

    /// <summary>The topmost layer.</summary>
    public string Top => _layers[0];

    public LayeredRoot Root => _layers.Count == 1
        ? LayeredRoot.Plain(Top)
        : new LayeredRoot(Top, _layers[1..]) { HasUserMarks = true };

    public string this[int layer] => _layers[layer];

    public string Outside(string name) => $"{_folder.Path}/{name}";

    /// <summary>Makes a file with the directories above it.</summary>
    public LayerFolder File(int layer, string path, string content = "")
    {
        var file = $"{_layers[layer]}/{path}";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        System.IO.File.WriteAllText(file, content);
        return this;
    }

    public LayerFolder Folder(int layer, string path, params (string Mark, string Value)[] marks)
    {
        Directory.CreateDirectory($"{_layers[layer]}/{path}");
        return Mark(layer, path, marks);
    }

    public LayerFolder Mark(int layer, string path, params (string Mark, string Value)[] marks)
    {
        foreach (var (mark, value) in marks)
            RawFiles.SetAttribute($"{_layers[layer]}/{path}", $"user.overlay.{mark}", System.Text.Encoding.ASCII.GetBytes(value));
        return this;
    }

    public LayerFolder Whiteout(int layer, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{_layers[layer]}/{path}")!);
        RawFiles.MakeWhiteout($"{_layers[layer]}/{path}");
        return this;
    }

    public EngineArchive Archive(ArchiveOptions? options = null) => EngineArchive.Of(Root, options);

    /// <summary>.NET cannot delete what it cannot name.</summary>
    public void Dispose()
    {
        using (var rm = System.Diagnostics.Process.Start("/bin/rm", ["-rf", _folder.Path])) rm.WaitForExit();
        Directory.CreateDirectory(_folder.Path);
        _folder.Dispose();
    }
}
