using System.Net.Sockets;
using System.Text;
using Forensics.Tests.Agent.Filesystems.Layers;

namespace Forensics.Tests.Cluster.EndToEnd;

/// <summary>Files made to break whoever reads them, planted in a running container by way of its own root.</summary>
internal sealed class HostileTree : IDisposable
{
    public const int Depth = 4000;
    public const string Canary = "CANARY OUTSIDE OF THE CONTAINER";

    /// <summary>As <see cref="RawFiles.Bytes"/> reads them.</summary>
    public static readonly string[] Names =
    [
        "new\nline", "\u001b[31mred", "\u001b]0;title\u0007", "not\\\u00FFutf8", "-rf", "--checkpoint=1", "back\\slash", "ünïcödé", " space ", "\u0001",
        "\u202etxt", "tab\t", "manifest.json", "SHA256SUMS", "30 path=x\n", "a=b", "quote\"", "|", new string('y', 255), $"\\\u00FE{new string('z', 254)}", "ustar",
    ];

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _outside;
    private readonly string _immutable;

    /// <param name="many">Tiny files in one directory.</param>
    public HostileTree(ContainerOnNode container, int many)
    {
        var folder = $"{container.Root}/evil";
        _immutable = $"{container.Upper}/evil/immutable";
        // Beside the layer, in what the node shows the agent: one step up from the root is enough to meet it.
        _outside = $"{Path.GetDirectoryName(container.Upper)}/canary-{Guid.NewGuid():N}";
        File.WriteAllText(_outside, Canary);
        Directory.CreateDirectory(folder);
        foreach (var name in Names) RawFiles.Write($"{folder}/{name}", Encoding.UTF8.GetBytes(name));
        PlantLinks(folder);
        RawFiles.Write($"{folder}/owned", "by others"u8);
        RawFiles.ChangeOwner($"{folder}/owned", user: 12, group: 4_000_000);
        File.SetUnixFileMode($"{folder}/owned", UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit | UnixFileMode.UserRead | UnixFileMode.GroupExecute);
        RawFiles.MakeHardLink($"{folder}/{Names[0]}", $"{folder}/zz-hard-link");
        RawFiles.MakeFifo($"{folder}/fifo");
        RawFiles.MakeDevice($"{folder}/device", 1, 3);
        _socket.Bind(new UnixDomainSocketEndPoint($"{folder}/socket"));
        using (var sparse = File.Create($"{folder}/sparse"))
        {
            sparse.Write("begin"u8);
            sparse.SetLength(1L << 40);
        }

        Directory.CreateDirectory($"{folder}/many");
        for (var i = 0; i < many; i++) File.WriteAllText($"{folder}/many/{i}", "x");
        Directory.CreateDirectory($"{folder}/deep");
        DeepTree.Make($"{folder}/deep", Depth);
        File.WriteAllText($"{folder}/immutable", "stays");
    }

    /// <summary>After that its times cannot be set any more.</summary>
    public void MakeImmutable() => RawFiles.SetImmutable(_immutable, true);

    public void Dispose()
    {
        // Or its runtime could not remove the container.
        RawFiles.SetImmutable(_immutable, false);
        _socket.Dispose();
        File.Delete(_outside);
    }

    /// <summary>Out of the container, in circles, and to nowhere.</summary>
    private void PlantLinks(string folder)
    {
        RawFiles.MakeLink("/", $"{folder}/root");
        RawFiles.MakeLink("../../../../../../../..", $"{folder}/up");
        RawFiles.MakeLink($"../../{Path.GetFileName(_outside)}", $"{folder}/canary");
        RawFiles.MakeLink("../..", $"{folder}/beside");
        RawFiles.MakeLink(_outside, $"{folder}/canary-of-the-node");
        RawFiles.MakeLink($"/proc/1/root{_outside}", $"{folder}/canary-by-proc");
        RawFiles.MakeLink("loop", $"{folder}/loop");
        RawFiles.MakeLink(new string('l', 4000), $"{folder}/long-link");
    }
}
