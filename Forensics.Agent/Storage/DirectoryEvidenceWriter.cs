using Forensics.Api;

namespace Forensics.Agent.Storage;

/// <summary>Writes beside the final name and renames on commit, so that a file under its own name is always whole.</summary>
internal sealed class DirectoryEvidenceWriter : IEvidenceWriter
{
    private readonly string _path;
    private readonly string _partial;
    private readonly FileStream _file;
    private bool _committed;

    public DirectoryEvidenceWriter(string path)
    {
        _path = path;
        _partial = path + ".partial";
        _file = new FileStream(_partial, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        ThrowIfCommitted();
        try
        {
            await _file.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException e)
        {
            throw DirectoryEvidenceStore.Translate(_path, e);
        }
    }

    public Task CommitAsync(CancellationToken cancellationToken)
    {
        ThrowIfCommitted();
        cancellationToken.ThrowIfCancellationRequested();
        DirectoryEvidenceStore.Attempt(_path, () =>
        {
            _file.Flush(flushToDisk: true);
            _file.Dispose();
            if (Path.Exists(_path)) throw new StoreException(Reasons.ObjectExists, $"{_path} exists already.");
            File.Move(_partial, _path, overwrite: false);
            return _committed = true;
        });
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        if (!_committed) File.Delete(_partial);
    }

    private void ThrowIfCommitted()
    {
        if (_committed) throw new InvalidOperationException($"{_path} is committed.");
    }
}
