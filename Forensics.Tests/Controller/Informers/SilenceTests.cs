using Forensics.Controller;
using Forensics.Tests.Cluster.Faults;
using Forensics.Tests.Fakes;
using k8s;
using static Forensics.Tests.Fakes.ApiJsonText;

namespace Forensics.Tests.Controller.Informers;

/// <summary>Two ways for a watch to fall silent over HTTP/2, where one connection carries all of them: the connection is dead, which
/// pings find out, or only the watch is, of which they know nothing.</summary>
internal sealed class SilenceTests : InformerFixture
{
    // The shortest that .NET takes.
    private static readonly ConnectionPings Pings = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    private HttpClient _toServer = null!;
    private FaultProxy _http2 = null!;
    private TcpLine _line = null!;

    [TearDown]
    public async Task CloseAsync()
    {
        await _line.DisposeAsync();
        await _http2.DisposeAsync();
        _toServer.Dispose();
    }

    [Test]
    public async Task A_connection_that_died_without_a_word_is_noticed_and_the_watch_goes_on_from_where_it_was()
    {
        await WatchAsync();
        _line.Lose();
        await Clock.LetNextPauseEndAsync(); // The stream was cut.
        await RequestsAsync(3);

        Server.Story.Should().Equal("list from '0'", "watch from '1'", "watch from '8'");
        _line.Connections.Should().Be(2);
    }

    [Test]
    public async Task A_silent_watch_on_a_connection_that_is_well_is_ended_by_the_clients_own_deadline()
    {
        var timeout = await WatchAsync();
        var before = _line.Answers;
        await Eventually.IsTrueAsync(() => _line.Answers >= before + 2, "pings are answered");
        Server.Requests.Should().HaveCount(2);
        Clock.Advance(timeout + TimeSpan.FromSeconds(16));
        await RequestsAsync(3);

        Server.Story.Should().Equal("list from '0'", "watch from '1'", "watch from '8'");
        Clock.NothingPaused.Should().BeTrue();
        _line.Connections.Should().Be(1);
    }

    // The scripted server has no TLS, and so no HTTP/2. The proxy has both.
    protected override async Task<Kubernetes> ConnectAsync()
    {
        using var direct = Server.Connect();
        _toServer = ApiServerLine.Open(direct.BaseUri);
        _http2 = await FaultProxy.StartAsync(_toServer, new AllPasses());
        _line = new TcpLine(_http2.Address.Port);
        using var kubeconfig = ProxyKubeconfig.Write(new UriBuilder(_http2.Address) { Port = _line.Port }.Uri, "secret");
        return KubernetesConnection.Open(kubeconfig.Path, "", pings: Pings);
    }

    /// <returns>After which the server was asked to end the watch.</returns>
    private async Task<TimeSpan> WatchAsync()
    {
        Server.OnWatch().Send("ADDED", Pod("a", "8")); // Then silence.
        await RunSyncedAsync();
        await KeysAsync(1);
        return TimeSpan.FromSeconds(int.Parse(Server.Requests.Last().Query["timeoutSeconds"].Single()!, provider: null));
    }

    private sealed class AllPasses : IFaultScript
    {
        public Task ServeAsync(Exchange exchange) => exchange.PassOnAsync();

        public async Task<bool> RelayAsync(Exchange watch, byte[] line)
        {
            await watch.WriteLineAsync(line);
            return true;
        }
    }
}
