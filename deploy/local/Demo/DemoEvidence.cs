using System.Globalization;
using System.Security.Cryptography;

namespace Forensics.Local;

/// <summary>A fresh download of the evidence, checked as an examiner would: coreutils for the sums, the status for the manifest.</summary>
internal sealed class DemoEvidence(string folder, TextWriter output)
{
    private const string IntrudersFile = "A /usr/bin/.cache-updater";

    public async Task ListAsync()
    {
        await output.WriteLineAsync("\nIn the bucket:");
        foreach (var file in new DirectoryInfo(folder).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{file.Length,14:N0}  {file.Name}"));
    }

    /// <exception cref="LocalClusterException">A hash does not hold.</exception>
    public async Task CheckAsync(string manifestSha256, CancellationToken cancellation)
    {
        await output.WriteLineAsync("\nsha256sum -c SHA256SUMS:");
        await output.WriteAsync(await Command.RunAsync(
            new CommandLine("/usr/bin/sha256sum", "-c", "--strict", "SHA256SUMS") { WorkingDirectory = folder }, cancellation));

        var manifest = await File.ReadAllBytesAsync(Path.Combine(folder, "manifest.json"), cancellation);
        if (Convert.ToHexStringLower(SHA256.HashData(manifest)) != manifestSha256)
            throw new LocalClusterException("manifest.json is not the one that status.manifestSHA256 names.");
        await output.WriteLineAsync($"manifest.json: {manifestSha256}, as the PodCheckpoint's status says");
    }

    /// <exception cref="LocalClusterException">The intruder's file is in no diff.</exception>
    public async Task ShowIntruderAsync()
    {
        foreach (var diff in Directory.GetFiles(folder, "*-diff.txt"))
        {
            var lines = await File.ReadAllLinesAsync(diff);
            if (!lines.Contains(IntrudersFile)) continue;
            await output.WriteLineAsync($"\n{Path.GetFileName(diff)}:");
            foreach (var line in lines) await output.WriteLineAsync($"  {line}{(line == IntrudersFile ? "    <-- the intruder's" : "")}");
            return;
        }

        throw new LocalClusterException($"No diff has the line '{IntrudersFile}'.");
    }
}
