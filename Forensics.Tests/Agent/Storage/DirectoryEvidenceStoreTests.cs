using Forensics.Agent.Storage;
using Forensics.Api;

namespace Forensics.Tests.Agent.Storage;

[TestFixture]
internal sealed class DirectoryEvidenceStoreTests : StrictEvidenceStoreContract
{
    private string _root = "";

    private string Folder => Path.Combine(_root, "case", "folder");

    [SetUp]
    public void MakeRoot() => _root = Directory.CreateTempSubdirectory("forensics-test-").FullName;

    [TearDown]
    public void RemoveRoot() => Directory.Delete(_root, recursive: true);

    [Test]
    public void A_folder_that_exists_is_refused()
    {
        Directory.CreateDirectory(Folder);

        var open = () => DirectoryEvidenceStore.Create(Folder);

        open.Should().Throw<StoreException>().Which.Reason.Should().Be(Reasons.ObjectExists);
    }

    [Test]
    public void A_folder_that_cannot_be_made_says_so()
    {
        File.WriteAllText(Path.Combine(_root, "case"), "a file in the way");

        var open = () => DirectoryEvidenceStore.Create(Folder);

        open.Should().Throw<StoreException>().Which.Reason.Should().Be(Reasons.StoreFailed);
    }

    [Test]
    public async Task Only_the_owner_can_read_evidence()
    {
        using var store = OpenStore();
        await WriteAsync(store, "object", [1]);

        File.GetUnixFileMode(Path.Combine(Folder, "object")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Folder).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Test]
    public void The_location_is_a_file_address() =>
        DirectoryEvidenceStore.Create(Folder).Location.Should().Be($"file://{Folder}/");

    protected override IEvidenceStore OpenStore() => DirectoryEvidenceStore.Create(Folder);

    protected override Task<byte[]?> ReadAsync(string name)
    {
        var path = Path.Combine(Folder, name);
        return Task.FromResult(File.Exists(path) ? File.ReadAllBytes(path) : null);
    }

    protected override Task<bool> HasLeftoversAsync() =>
        Task.FromResult(Directory.EnumerateFiles(Folder).Any(path => path.EndsWith(".partial", StringComparison.Ordinal)));
}
