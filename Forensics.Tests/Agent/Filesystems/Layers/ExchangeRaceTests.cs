using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>An attacker puts links and directories in each other's places as fast as the kernel can, to have the agent read what
/// lies outside the container. The canary does.</summary>
[TestFixture]
internal sealed class ExchangeRaceTests
{
    private const string Canary = "CANARY OUTSIDE OF THE ROOT";
    private const int Pairs = 40;

    [Test]
    public void A_hundred_thousand_opens_bring_no_byte_from_outside() => OpenUntil(100_000);

    [Test]
    [Category("Long")]
    public void A_million_opens_bring_no_byte_from_outside() => OpenUntil(1_000_000);

    private static void OpenUntil(long opens)
    {
        using var layers = new LayerFolder(2);
        Plant(layers);
        var root = layers.Root;
        using var stop = new CancellationTokenSource();
        var swapper = new Thread(() => Exchange(layers, stop.Token));
        var before = OpenFiles.Targets();
        swapper.Start();
        try
        {
            for (long met = 0; met < opens;)
            {
                var output = new CanarySink();
                var summary = RootArchive.Write(root, output, new ArchiveOptions(), new RecordedNotes(), CancellationToken.None);
                output.HasCanary.Should().BeFalse();
                summary.Entries.Should().BeGreaterThan(Pairs);
                met += summary.Entries + summary.Failed + summary.Vanished;
            }
        }
        finally
        {
            stop.Cancel();
            swapper.Join();
        }

        OpenFiles.Targets().Should().BeEquivalentTo(before);
    }

    private static void Plant(LayerFolder layers)
    {
        Directory.CreateDirectory(layers.Outside("outside"));
        File.WriteAllText(layers.Outside("outside/secret"), Canary);
        for (var i = 0; i < Pairs; i++)
        {
            layers.File(0, $"{i}/dir/secret", "inside").File(1, $"{i}/dir/image", "inside").File(0, $"{i}/file", "inside");
            RawFiles.MakeLink(layers.Outside("outside"), $"{layers.Top}/{i}/link-to-dir");
            RawFiles.MakeLink(layers.Outside("outside/secret"), $"{layers.Top}/{i}/link-to-file");
            RawFiles.MakeFifo($"{layers.Top}/{i}/fifo");
        }
    }

    private static void Exchange(LayerFolder layers, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i = (i + 1) % Pairs)
        {
            var folder = $"{layers.Top}/{i}";
            RawFiles.ExchangeNames($"{folder}/dir", $"{folder}/link-to-dir");
            RawFiles.ExchangeNames($"{folder}/file", $"{folder}/link-to-file");
            RawFiles.ExchangeNames($"{folder}/link-to-file", $"{folder}/fifo");
        }
    }

    /// <summary>Content that is read begins a block: the canary is looked for there and everywhere else.</summary>
    private sealed class CanarySink : System.Buffers.IBufferWriter<byte>
    {
        private static readonly byte[] Wanted = System.Text.Encoding.ASCII.GetBytes(Canary);
        private readonly byte[] _piece = new byte[1 << 20];

        public bool HasCanary { get; private set; }

        public void Advance(int count) => HasCanary |= _piece.AsSpan(0, count).IndexOf(Wanted) >= 0;

        public Memory<byte> GetMemory(int sizeHint = 0) => _piece;

        public Span<byte> GetSpan(int sizeHint = 0) => _piece;
    }
}
