using System.Text.Json.Nodes;
using Forensics.Local;
using Forensics.Tests.Cluster;

namespace Forensics.Tests.Local.Images;

/// <summary>The images as <c>dotnet run build.cs images --push</c> leaves them in a registry, and as they run.</summary>
[Category("Cluster")]
internal sealed class ImagesTaskTests
{
    private const string Tag = "9.8.7";
    private const string Platform = "linux/amd64";

    private Registry _registry = null!;
    private int _exitCode;
    private string _output = "";

    private string Folder => $"{_registry.Address}/security";

    [OneTimeSetUp]
    public async Task BuildAndPushAsync()
    {
        _registry = await Registry.StartAsync();
        (_exitCode, _output) = await RunAsync(
            "--to", Folder, "--tag", Tag, "--base", LocalImages.Base, "--platform", Platform, "--push");
    }

    [OneTimeTearDown]
    public async Task RemoveAsync()
    {
        await DockerAsync("rmi", "--force", Image("controller"), Image("agent"));
        await _registry.DisposeAsync();
    }

    [Test]
    public void It_says_what_it_does()
    {
        _exitCode.Should().Be(0, _output);
        _output.Should().Contain($"pushing {Image("controller")}").And.Contain($"pushing {Image("agent")}");
    }

    [TestCase("controller", "1654:1654")] // By number, or no kubelet could tell that it is not root.
    [TestCase("agent", "0:0")]
    public async Task Who_pulls_it_gets_the_program_and_where_it_comes_from(string program, string user)
    {
        var image = await _registry.ConfigurationAsync($"security/kube-forensics-{program}", Tag);

        image["os"]!.GetValue<string>().Should().Be("linux");
        image["config"]!["User"]!.GetValue<string>().Should().Be(user);
        image["config"]!["Entrypoint"]!.AsArray().Select(word => word!.GetValue<string>()).Should().Equal($"/app/forensics-{program}");
        image["config"]!["Cmd"].Should().BeNull("it would be taken for flags");
        Label(image, "title").Should().Be($"kube-forensics-{program}");
        Label(image, "version").Should().Be(Tag);
        Label(image, "revision").Should().MatchRegex("^([0-9a-f]{40}|unknown)$");
        Label(image, "licenses").Should().Be("Apache-2.0");
        Label(image, "description").Should().NotBeNullOrEmpty();
    }

    [TestCase("controller")]
    [TestCase("agent")]
    public async Task It_explains_itself_with_nothing_but_its_image(string program)
    {
        var help = await TryAsync(
            ["run", "--rm", "--network", "none", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", Image(program), "--help"]);

        help.ExitCode.Should().Be(0, help.Error);
        help.Output.Should().Contain($"forensics-{program}").And.Contain("--");
    }

    [TestCase("controller")]
    [TestCase("agent")]
    public async Task There_is_no_shell_in_it(string program)
    {
        foreach (var shell in new[] { "/bin/sh", "/bin/bash", "/bin/busybox", "/usr/bin/apt-get" })
        {
            var answer = await TryAsync(["run", "--rm", "--network", "none", "--entrypoint", shell, Image(program)]);

            answer.ExitCode.Should().Be(127, shell);
            answer.Error.Should().Contain("no such file or directory");
        }
    }

    [TestCase("controller")]
    [TestCase("agent")]
    public void It_holds_one_native_program_and_nothing_that_nobody_reads(string program)
    {
        var folder = Path.GetDirectoryName(ImageBuild.PublishedIn(ImageBuild.FolderOf(RepositoryRoot.Find()), program))!;

        var file = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Should().ContainSingle().Which;

        Path.GetFileName(file).Should().Be($"forensics-{program}");
        File.ReadAllBytes(file).AsSpan(0, 4).ToArray().Should().Equal("\u007fELF"u8.ToArray());
    }

    [Test]
    public async Task Where_docker_takes_another_ones_layers_without_a_word_we_say_so()
    {
        var build = new ImageBuild(RepositoryRoot.Find(), RealCluster.Local.Docker.Run);

        await build.Awaiting(built => built.CheckPlatformAsync(Image("agent"), "linux/arm64", CancellationToken.None)).Should()
            .ThrowAsync<LocalClusterException>().WithMessage("*was built for linux/amd64, not for linux/arm64*");
        await build.Awaiting(built => built.CheckPlatformAsync(Image("agent"), Platform, CancellationToken.None)).Should().NotThrowAsync();
    }

    [TestCase("--push")]
    [TestCase("--local", "--push")]
    [TestCase("--to", "registry.example.com", "--pusch")]
    public async Task Wrong_usage_builds_nothing(params string[] words)
    {
        var (exitCode, output) = await RunAsync(words);

        exitCode.Should().Be(2);
        output.Should().Contain("See: dotnet run build.cs help images").And.NotContain("publishing");
    }

    private string Image(string program) => $"{Folder}/kube-forensics-{program}:{Tag}";

    private static string? Label(JsonObject image, string name) =>
        image["config"]!["Labels"]![$"org.opencontainers.image.{name}"]?.GetValue<string>();

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] words)
    {
        using var output = new StringWriter();
        var tasks = new TaskList([new ImagesTask(LocalPaths.FromEnvironment(), RealCluster.Local.Docker.Run)], output, output);
        return (await tasks.RunAsync(["images", .. words], CancellationToken.None), output.ToString());
    }

    private static Task<CommandResult> TryAsync(string[] arguments) => Command.TryAsync(RealCluster.Local.Docker.Run(arguments), CancellationToken.None);

    private static Task<string> DockerAsync(params string[] arguments) => RealCluster.DockerAsync(arguments);
}
