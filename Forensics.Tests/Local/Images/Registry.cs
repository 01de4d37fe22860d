using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Forensics.Local;

namespace Forensics.Tests.Local.Images;

/// <summary>A real registry on loopback, empty at the start and gone with the test.</summary>
internal sealed class Registry : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();
    private readonly Daemon _daemon;

    private Registry()
    {
        Address = $"{LoopbackNetwork.Address}:{FreePort()}";
        var settings = Path.Combine(_folder.Path, "registry.yml");
        File.WriteAllText(settings, $$"""
            version: 0.1
            storage:
              filesystem:
                rootdirectory: {{_folder.Path}}/blobs
            http:
              addr: {{Address}}
            """);
        var program = new TestPrograms(LocalPaths.FromEnvironment()).Registry;
        _daemon = new Daemon(
            "registry", new LocalPaths(_folder.Path), TimeProvider.System, () => new CommandLine(program, "serve", settings),
            token => HealthProbe.HttpAsync(new Uri($"http://{Address}/v2/"), token));
    }

    /// <summary>As it stands before an image's name.</summary>
    public string Address { get; }

    public static async Task<Registry> StartAsync()
    {
        var registry = new Registry();
        await registry._daemon.StartAsync(CancellationToken.None);
        return registry;
    }

    /// <summary>The configuration of an image that was pushed, as anyone would pull it.</summary>
    public async Task<JsonObject> ConfigurationAsync(string repository, string tag)
    {
        var manifest = await GetAsync($"{repository}/manifests/{tag}", "application/vnd.docker.distribution.manifest.v2+json");
        return await GetAsync($"{repository}/blobs/{manifest["config"]!["digest"]!.GetValue<string>()}", "*/*");
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.StopAsync(CancellationToken.None);
        _client.Dispose();
        _folder.Dispose();
    }

    private async Task<JsonObject> GetAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{Address}/v2/{path}"));
        request.Headers.Accept.ParseAdd(accept);
        using var response = await _client.SendAsync(request);
        response.StatusCode.Should().Be(HttpStatusCode.OK, path);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Parse(LoopbackNetwork.Address), 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
