namespace Forensics.Local;

/// <summary>The images that are always there: pause, and busybox for target pods.</summary>
internal sealed class StockImages(LocalPaths paths, ImageStore store)
{
    private const string PauseSource = """
        #include <signal.h>
        #include <stdlib.h>
        #include <sys/wait.h>
        #include <unistd.h>
        /* As process 1: ends when told to, and buries its children. */
        static void end(int signal) { (void)signal; _exit(0); }
        static void bury(int signal) { (void)signal; while (waitpid(-1, NULL, WNOHANG) > 0); }
        int main(void) {
            signal(SIGINT, end); signal(SIGTERM, end); signal(SIGCHLD, bury);
            for (;;) pause();
        }
        """;

    public async Task EnsureAsync(Progress progress, CancellationToken cancellation)
    {
        await WholeFolder.MakeAsync(paths.Cached("image-pause-1"), folder => MakePauseAsync(folder, cancellation));
        await WholeFolder.MakeAsync(paths.Cached("image-busybox-1"), folder => MakeBusyboxAsync(folder, cancellation));
        await store.MakeInBothAsync(LocalImages.Pause, paths.Cached("image-pause-1"), ["ENTRYPOINT [\"/pause\"]"], progress, cancellation);
        await store.MakeInBothAsync(LocalImages.Busybox, paths.Cached("image-busybox-1"), ["CMD [\"/bin/sh\"]"], progress, cancellation);
    }

    private static async Task MakePauseAsync(string folder, CancellationToken cancellation) =>
        await Command.RunAsync(
            new CommandLine("/usr/bin/gcc", "-static", "-Os", "-s", "-x", "c", "-o", Path.Combine(folder, "pause"), "-"),
            cancellation,
            PauseSource);

    private static async Task MakeBusyboxAsync(string folder, CancellationToken cancellation)
    {
        foreach (var name in new[] { "bin", "etc", "home", "proc", "root", "sys", "tmp", "usr/bin", "var/log" })
            Directory.CreateDirectory(Path.Combine(folder, name));
        File.SetUnixFileMode(Path.Combine(folder, "tmp"), ImageStore.AnyoneMayWrite);
        await File.WriteAllTextAsync(Path.Combine(folder, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/home:/bin/sh\n", cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "etc/group"), "root:x:0:\nnogroup:x:65534:\n", cancellation);
        var busybox = Path.Combine(folder, "bin/busybox");
        File.Copy("/bin/busybox", busybox);
        var programs = await Command.RunAsync(new CommandLine(busybox, "--list"), cancellation);
        foreach (var program in programs.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(name => name != "busybox"))
            File.CreateSymbolicLink(Path.Combine(folder, "bin", program), "busybox");
    }
}
