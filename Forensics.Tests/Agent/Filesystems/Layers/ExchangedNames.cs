namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>What an attacker does who wants what lies outside to be read: in a tree of directories, files, fifos and links that lead out, names
/// are exchanged as fast as the kernel can, until it is disposed of.</summary>
internal sealed class ExchangedNames : IDisposable
{
    /// <summary>What no one must find in what was read.</summary>
    public const string Canary = "CANARY OUTSIDE OF THE ROOT";

    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _exchanging;
    private readonly string _root;
    private readonly int _folders;

    /// <param name="root">A directory that may be there or not; what it holds is the attacker's.</param>
    /// <param name="outside">A directory that is made, with the canary, outside of it.</param>
    /// <param name="folders">How many, of some seven entries each.</param>
    public ExchangedNames(string root, string outside, int folders)
    {
        (_root, _folders) = (root, folders);
        Plant(outside);
        _exchanging = new Thread(Exchange);
        _exchanging.Start();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _exchanging.Join();
        _stop.Dispose();
    }

    private void Plant(string outside)
    {
        Directory.CreateDirectory(outside);
        File.WriteAllText($"{outside}/secret", Canary);
        for (var i = 0; i < _folders; i++)
        {
            Directory.CreateDirectory($"{_root}/{i}/dir");
            File.WriteAllText($"{_root}/{i}/dir/secret", "inside");
            File.WriteAllText($"{_root}/{i}/file", "inside");
            RawFiles.MakeLink(outside, $"{_root}/{i}/link-to-dir");
            RawFiles.MakeLink($"{outside}/secret", $"{_root}/{i}/link-to-file");
            RawFiles.MakeFifo($"{_root}/{i}/fifo");
        }
    }

    private void Exchange()
    {
        for (var i = 0; !_stop.IsCancellationRequested; i = (i + 1) % _folders)
        {
            RawFiles.ExchangeNames($"{_root}/{i}/dir", $"{_root}/{i}/link-to-dir");
            RawFiles.ExchangeNames($"{_root}/{i}/file", $"{_root}/{i}/link-to-file");
            RawFiles.ExchangeNames($"{_root}/{i}/link-to-file", $"{_root}/{i}/fifo");
        }
    }
}
