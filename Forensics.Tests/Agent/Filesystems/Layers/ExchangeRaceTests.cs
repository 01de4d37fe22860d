using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>An attacker puts links and directories in each other's places, to have the engine read what lies outside the layers. The
/// canary does.</summary>
[TestFixture]
internal sealed class ExchangeRaceTests
{
    private const int Folders = 40;

    [Test]
    public void A_hundred_thousand_opens_bring_no_byte_from_outside() => OpenUntil(100_000);

    [Test]
    [Category("Long")]
    public void A_million_opens_bring_no_byte_from_outside() => OpenUntil(1_000_000);

    private static void OpenUntil(long opens)
    {
        using var layers = new LayerFolder(2);
        for (var i = 0; i < Folders; i++) layers.File(1, $"{i}/dir/image", "inside");
        var root = layers.Root;
        var before = OpenFiles.Targets();
        using (new ExchangedNames(layers.Top, layers.Outside("outside"), Folders))
        {
            for (long met = 0; met < opens;)
            {
                var output = new CanarySink();
                var summary = RootArchive.Write(root, output, new ArchiveOptions(), new RecordedNotes(), CancellationToken.None);
                output.HasCanary.Should().BeFalse();
                summary.Entries.Should().BeGreaterThan(Folders);
                met += summary.Entries + summary.Failed + summary.Vanished;
            }
        }

        OpenFiles.Targets().Should().BeEquivalentTo(before);
    }

    /// <summary>Content that is read begins a block: the canary is looked for there and everywhere else.</summary>
    private sealed class CanarySink : System.Buffers.IBufferWriter<byte>
    {
        private static readonly byte[] Wanted = System.Text.Encoding.ASCII.GetBytes(ExchangedNames.Canary);
        private readonly byte[] _piece = new byte[1 << 20];

        public bool HasCanary { get; private set; }

        public void Advance(int count) => HasCanary |= _piece.AsSpan(0, count).IndexOf(Wanted) >= 0;

        public Memory<byte> GetMemory(int sizeHint = 0) => _piece;

        public Span<byte> GetSpan(int sizeHint = 0) => _piece;
    }
}
