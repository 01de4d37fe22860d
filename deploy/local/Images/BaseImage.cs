namespace Forensics.Local;

/// <summary>
/// The image that the controller and the agent are built on here: the few libraries of Debian that a native .NET program
/// loads, and nothing else, neither a shell nor a package manager. It stands in for Microsoft's chiseled image, which
/// cannot be pulled without a network, and has the same shape.
/// </summary>
internal sealed class BaseImage(LocalPaths paths, ImageStore store)
{
    // Bump when the recipe changes, so that an older folder in the cache is not used.
    private const int Recipe = 2;

    // As in Microsoft's images: the user "app".
    private const string User = "1654";

    private static readonly string[] Packages = ["libc6", "libgcc-s1", "libstdc++6", "libssl3", "zlib1g", "ca-certificates"];

    // Documentation and what only programs of other kinds load: half of the size.
    private static readonly string[] Needless = ["usr/share/doc", "usr/share/lintian", "usr/share/gdb", "usr/share/man", "usr/sbin"];

    public async Task EnsureAsync(AptLists lists, Progress progress, CancellationToken cancellation)
    {
        var folder = paths.Cached($"image-base-{Recipe}");
        if (!Directory.Exists(folder)) progress.Say($"Images: preparing {LocalImages.Base} (once)");
        await WholeFolder.MakeAsync(folder, async target =>
        {
            await lists.EnsureAsync(cancellation);
            await DebianArchive.ExtractAsync(lists, Packages, target, cancellation);
            foreach (var part in Needless.Select(part => Path.Combine(target, part)).Where(Directory.Exists))
                Directory.Delete(part, recursive: true);
            TrustCertificates(target);
            AddUsers(target);
        });
        await store.MakeAsync(
            LocalImages.Base,
            folder,
            [$"USER {User}", "ENV DOTNET_RUNNING_IN_CONTAINER=true ASPNETCORE_HTTP_PORTS=8080 PATH=/usr/bin:/bin"],
            progress,
            cancellation);
    }

    /// <summary>What the package would do by a script when installed: one file of all authorities.</summary>
    private static void TrustCertificates(string root)
    {
        var authorities = Directory.GetFiles(Path.Combine(root, "usr/share/ca-certificates/mozilla"), "*.crt").Order(StringComparer.Ordinal);
        Directory.CreateDirectory(Path.Combine(root, "etc/ssl/certs"));
        File.WriteAllText(Path.Combine(root, "etc/ssl/certs/ca-certificates.crt"), string.Concat(authorities.Select(File.ReadAllText)));
        Directory.CreateDirectory(Path.Combine(root, "usr/lib/ssl"));
        File.CreateSymbolicLink(Path.Combine(root, "usr/lib/ssl/certs"), "/etc/ssl/certs");
        File.CreateSymbolicLink(Path.Combine(root, "usr/lib/ssl/cert.pem"), "/etc/ssl/certs/ca-certificates.crt");
    }

    private static void AddUsers(string root)
    {
        File.WriteAllText(Path.Combine(root, "etc/passwd"), $"root:x:0:0:root:/root:/sbin/nologin\napp:x:{User}:{User}::/home/app:/sbin/nologin\n");
        File.WriteAllText(Path.Combine(root, "etc/group"), $"root:x:0:\napp:x:{User}:\n");
        File.WriteAllText(Path.Combine(root, "etc/nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\n");
        foreach (var name in new[] { "root", "home/app", "proc", "sys", "dev", "run", "tmp" })
            Directory.CreateDirectory(Path.Combine(root, name));
        File.SetUnixFileMode(Path.Combine(root, "tmp"), ImageStore.AnyoneMayWrite);
    }
}
