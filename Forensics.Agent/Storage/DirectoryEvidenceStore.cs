using Forensics.Api;

namespace Forensics.Agent.Storage;

/// <summary>A new folder on a local file system, for captures by hand. Only its owner can read it.</summary>
internal sealed class DirectoryEvidenceStore : IEvidenceStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string _folder;

    private DirectoryEvidenceStore(string folder, string location)
    {
        _folder = folder;
        Location = location;
    }

    public string Location { get; }

    /// <summary>Makes the folder. Fails with <see cref="Reasons.ObjectExists"/> if it is there already.</summary>
    public static DirectoryEvidenceStore Create(string folder)
    {
        var path = Path.GetFullPath(folder);
        if (Path.Exists(path))
            throw new StoreException(Reasons.ObjectExists, $"The folder {path} exists already; evidence is never written into an old one.");
        return Attempt(path, () =>
        {
            Directory.CreateDirectory(path, OwnerOnly);
            return new DirectoryEvidenceStore(path, new UriBuilder(Uri.UriSchemeFile, "") { Path = path + "/" }.Uri.AbsoluteUri);
        });
    }

    public Task<IEvidenceWriter> CreateAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = Path.Combine(_folder, EvidenceName.Checked(name));
        return Task.FromResult<IEvidenceWriter>(Attempt(path, () => new DirectoryEvidenceWriter(path)));
    }

    public void Dispose()
    {
        // Holds nothing open between objects.
    }

    /// <summary>Runs a file operation, its failures told in the store's words.</summary>
    public static T Attempt<T>(string path, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Translate(path, e);
        }
    }

    public static StoreException Translate(string path, Exception error) => error switch
    {
        UnauthorizedAccessException => new StoreException(
            Reasons.AccessDenied, $"{path} cannot be written: permission denied. Choose a directory that this user may write to.", error),
        _ => new StoreException(Reasons.StoreFailed, $"{path} cannot be written: {error.Message.TrimEnd('.')}. Choose another directory, or make room there.", error),
    };
}
