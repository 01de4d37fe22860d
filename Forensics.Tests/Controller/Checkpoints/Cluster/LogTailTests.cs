using Forensics.Controller.Checkpoints;
using Forensics.Controller.Checkpoints.Cluster;
using k8s;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Forensics.Tests.Controller.Checkpoints.Cluster;

/// <summary>The API server passes on whatever a kubelet sends, and the kubelet may be the attacker's.</summary>
public sealed class LogTailTests
{
    private const int Mebibyte = 1 << 20;

    [Test]
    public async Task A_node_that_sends_without_end_is_not_listened_to()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await ServeAsync(async context =>
        {
            var much = new byte[Mebibyte];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(much);
            }

            closed.SetResult();
        });

        // Whoever waited for the answer's end would have none here: his patience would end first.
        (await ReadAsync(server))!.Length.Should().Be(16 * 1024);
        await closed.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Test]
    public async Task What_a_well_behaved_one_sends_is_read_to_its_end()
    {
        await using var server = await ServeAsync(context => context.Response.WriteAsync("{}\n{}\n"));

        (await ReadAsync(server)).Should().Be("{}\n{}\n");
    }

    private static async Task<string?> ReadAsync(WebApplication server)
    {
        using var kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = server.Urls.Single() });
        return await new KubernetesClusterApi(kubernetes, new CaptureOptions(), TimeProvider.System).ReadLogTailAsync("agent", 5, CancellationToken.None);
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }
}
