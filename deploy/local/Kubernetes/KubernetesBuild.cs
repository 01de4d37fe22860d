
namespace Forensics.Local;

/// <summary>
/// Builds Kubernetes 1.20.2 from Debian's source package, which carries every dependency in its vendor tree: no other
/// network is needed. Takes some 6 minutes on two cores, once; the programs stay in the cache.
/// </summary>
internal sealed class KubernetesBuild(LocalPaths paths)
{
    public const string Version = "1.20.2";

    /// <summary>Of the finished programs, in the cache. Counts up when they are built differently.</summary>
    public const string FolderName = "kubernetes-" + Version + "-4";

    private const string Commit = "faecb196815e248d3ecfb03c680a4507229c2a56";

    private static readonly string[] Programs = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet"];

    private string WorkFolder => paths.Cached("build-kubernetes");

    /// <summary>Whether it is in the cache.</summary>
    public bool IsMade => Directory.Exists(paths.Cached(FolderName));

    /// <summary>Needs <see cref="Packages.ForBuilding"/>, unless <see cref="IsMade"/>.</summary>
    public async Task EnsureAsync(AptLists lists, Progress progress, CancellationToken cancellation)
    {
        if (IsMade) return;
        var folder = paths.Cached(FolderName);
        progress.Say($"Kubernetes {Version}: built from Debian's source, some 6 minutes on two cores. Later runs find it in {folder}");
        DeleteWorkFolder();
        var source = await UnpackAsync(lists, progress, cancellation);
        await MapIterationFix.ApplyAsync(source, cancellation);
        await CompileAsync(source, progress, cancellation);
        await WholeFolder.MakeAsync(folder, target =>
        {
            foreach (var program in Programs)
                File.Copy(Path.Combine(source, "_output/bin", program), Path.Combine(target, program));
            return Task.CompletedTask;
        });
        DeleteWorkFolder();
        progress.Say($"Kubernetes {Version}: built");
    }

    private async Task<string> UnpackAsync(AptLists lists, Progress progress, CancellationToken cancellation)
    {
        var downloads = Directory.CreateDirectory(Path.Combine(WorkFolder, "downloads")).FullName;
        progress.Say("Kubernetes: 1 of 3, downloading the source");
        await lists.UpdateAsync(cancellation);
        await Command.RunAsync(
            lists.Apt("source", "-q", "--download-only", "kubernetes") with { WorkingDirectory = downloads }, cancellation);
        var description = Directory.GetFiles(downloads, "kubernetes_*.dsc").Single();
        if (!description.Contains(Version, StringComparison.Ordinal))
            throw new LocalClusterException(
                $"Debian's source package is now {Path.GetFileName(description)}, not {Version}. Change {nameof(KubernetesBuild)}.cs.");
        // The build scripts want to lie at their place in a GOPATH.
        var source = Path.Combine(WorkFolder, "gopath/src/k8s.io/kubernetes");
        Directory.CreateDirectory(Path.GetDirectoryName(source)!);
        progress.Say("Kubernetes: 2 of 3, unpacking");
        // apt has verified the files against the signed lists already.
        await Command.RunAsync(
            new CommandLine("/usr/bin/dpkg-source", "--no-check", "--extract", description, source) { WorkingDirectory = WorkFolder },
            cancellation);
        return source;
    }

    private async Task CompileAsync(string source, Progress progress, CancellationToken cancellation)
    {
        progress.Say("Kubernetes: 3 of 3, compiling");
        var tail = new Queue<string>();
        // The compiler says nothing while it is at work.
        await progress.AccompanyAsync(
            CompileAsync(source, tail, cancellation), minutes => $"Kubernetes: 3 of 3, compiling for {minutes}: {LastOf(tail)}", cancellation);
    }

    private async Task CompileAsync(string source, Queue<string> tail, CancellationToken cancellation)
    {
        await RunAsync(Build(ApiDescription.Generator));
        await RunAsync(ApiDescription.Generation(source));
        await RunAsync(Build([.. Programs.Select(program => "cmd/" + program)]));

        CommandLine Build(params IReadOnlyList<string> programs) => new(Path.Combine(source, "hack/make-rules/build.sh"), programs);

        async Task RunAsync(CommandLine command)
        {
            var exitCode = await Command.StreamAsync(
                command with { WorkingDirectory = source, Environment = BuildEnvironment() }, Keep, Keep, cancellation);
            if (exitCode != 0)
                throw new LocalClusterException($"Building Kubernetes failed. The end of the output of '{command}':\n{string.Join('\n', tail)}");
        }

        void Keep(string line)
        {
            lock (tail)
            {
                tail.Enqueue(line);
                if (tail.Count > 25) tail.Dequeue();
            }
        }
    }

    private Dictionary<string, string> BuildEnvironment() => new()
    {
        ["PATH"] = "/usr/lib/go-1.19/bin:" + CommandLine.SystemPath,
        ["GOPATH"] = Path.Combine(WorkFolder, "gopath"),
        ["GOCACHE"] = Path.Combine(WorkFolder, "gocache"),
        ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(WorkFolder, "tmp")).FullName,
        ["GO111MODULE"] = "off",
        ["CGO_ENABLED"] = "0",
        // Without the clients of Amazon's, Google's, Microsoft's and VMware's clouds: two fifths of what would be compiled.
        ["GOFLAGS"] = "-tags=providerless",
        ["GOLDFLAGS"] = "-s -w",
        // The compiler collects its garbage less often: a sixth less of its CPU (docs/decisions/one-machine-cluster.md).
        ["GOGC"] = "400",
        ["KUBE_STATIC_OVERRIDES"] = "kubelet",
        ["KUBE_GIT_VERSION"] = "v" + Version,
        ["KUBE_GIT_COMMIT"] = Commit,
        ["KUBE_GIT_TREE_STATE"] = "clean",
        ["KUBE_GIT_MAJOR"] = "1",
        ["KUBE_GIT_MINOR"] = "20",
    };

    private static string LastOf(Queue<string> lines)
    {
        lock (lines) return lines.LastOrDefault("starting").Trim();
    }

    private void DeleteWorkFolder()
    {
        if (Directory.Exists(WorkFolder)) Directory.Delete(WorkFolder, recursive: true);
    }
}
