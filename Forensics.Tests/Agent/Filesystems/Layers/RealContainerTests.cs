using Forensics.Agent.Filesystems.Layers;
using Forensics.Tests.Cluster;
using Forensics.Tests.Local;

namespace Forensics.Tests.Agent.Filesystems.Layers;

/// <summary>A real container's layers, against what Docker says of the same container.</summary>
[Category("Cluster")]
public sealed class RealContainerTests
{
    private const string Changes = """
        mkdir -p /a/b /new; echo text > /a/b/file; chmod 640 /a/b/file; chown 12:34 /a/b/file; touch -d '2001-02-03 04:05:06' /a/b/file
        chmod 4711 /a/b; ln -s ../x /a/link; ln /a/b/file /a/hard; mkfifo /a/fifo; mknod /a/null c 1 3; : > /a/empty; echo x > /new/file
        name=$(printf 'x%.0s' $(seq 200)); mkdir -p /a/$name/$name; echo long > /a/$name/$name/$name; ln -s /$name/$name /a/long-link
        echo '日本 Ünïcode' > '/a/日本 Ünïcode'; rm /etc/group; rm -r /home; echo more >> /etc/passwd; chmod 600 /etc/shadow
        rm -r /var; mkdir /var; echo again > /var/again; mv /bin/busybox /bin/moved; chown 5 /root; mkdir /tmp/dir; rmdir /tmp/dir
        rm -rf /usr/bin; echo file > /usr/bin; printf 'new\nline' > "$(printf '/a/new\nline')"
        """;

    /// <summary>The differences that docs/decisions/user-space-union.md lists; there is no other.</summary>
    [Test]
    public async Task Both_archives_of_a_stopped_container_have_the_same_entries()
    {
        await using var container = await DockerContainer.RunToEndAsync(Changes);
        using var folder = new TemporaryFolder();
        var reference = Path.Combine(folder.Path, "docker.tar");
        await RealCluster.DockerAsync("export", "--output", reference, container.Id);

        var archive = EngineArchive.Of(await ContainerLayers.OfAsync(container));

        archive.Notes.Should().BeEmpty();
        var ours = ArchiveLines.Of(new MemoryStream(archive.Bytes));
        // Docker leaves the root directory's own entry out.
        ours.Remove(".").Should().BeTrue();
        await using var docker = File.OpenRead(reference);
        ours.Should().Equal(ArchiveLines.Of(docker)).And.HaveCountGreaterThan(300);
    }

    [Test]
    public async Task The_diff_is_the_one_that_docker_tells()
    {
        await using var container = await DockerContainer.RunToEndAsync(Changes.Replace("\"$(printf '/a/new\\nline')\"", "/a/plain", StringComparison.Ordinal));

        var docker = await RealCluster.DockerAsync("diff", container.Id);

        var ours = RootDiffTests.Diff(await ContainerLayers.OfAsync(container));
        ours.Should().BeEquivalentTo(docker.Split('\n', StringSplitOptions.RemoveEmptyEntries)).And.HaveCountGreaterThan(20);
    }

    [Test]
    public async Task A_socket_of_a_running_container_is_skipped_and_named()
    {
        await using var container = await DockerContainer.RunAsync("true");
        using var socket = await container.ListenAsync("/tmp/socket");

        var archive = EngineArchive.Of(await ContainerLayers.OfAsync(container));

        archive.Notes.Should().Equal(new RecordedNote(NoteKind.Socket, "tmp/socket"));
    }
}
