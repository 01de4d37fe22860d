using System.Net;
using System.Text;
using Forensics.Tests.Fakes;

namespace Forensics.Tests.Cluster.Faults;

/// <summary>The proxy itself, between a client and a server of the tests' own, over both versions of HTTP.</summary>
[TestFixture("1.1")]
[TestFixture("2.0")]
public sealed class FaultProxyTests(string version)
{
    private const string Jobs = "/apis/batch/v1/namespaces/workers/jobs";

    private Deeds _deeds = null!;
    private ScriptedApiServer _server = null!;
    private HttpClient _line = null!;
    private FaultProxy _proxy = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _deeds = new Deeds();
        _server = await ScriptedApiServer.StartAsync();
        _line = ApiServerLine.Open(_server.Connect().BaseUri);
        _proxy = await FaultProxy.StartAsync(_line, _deeds);
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.GetCertHashString() == ProxyCertificate.Value.GetCertHashString();
        _client = new HttpClient(handler) { BaseAddress = _proxy.Address, DefaultRequestVersion = new Version(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        _line.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task What_is_let_through_is_the_servers_own_answer()
    {
        _server.OnList("""{"kind":"JobList","items":[]}""");

        using var answer = await _client.GetAsync(new Uri(Jobs, UriKind.Relative));

        answer.Version.Should().Be(new Version(version));
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"kind":"JobList","items":[]}""");
        _deeds.Calls.Should().Equal("list jobs");
    }

    [Test]
    public async Task A_refusal_is_in_the_servers_words_and_says_when_to_ask_again()
    {
        _deeds.OnRequest = exchange => exchange.RefuseAsync(429, "TooManyRequests", "busy", retryAfterSeconds: 3);

        using var answer = await _client.GetAsync(new Uri(Jobs, UriKind.Relative));

        answer.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(3));
        (await answer.Content.ReadAsStringAsync()).Should().Contain("\"reason\":\"TooManyRequests\"");
        _server.Requests.Should().BeEmpty();
    }

    [Test]
    public async Task A_line_that_is_cut_is_an_error_whether_before_the_answer_or_within_it([Values] bool within)
    {
        _server.OnList(new string(' ', 5000));
        _deeds.OnRequest = async exchange =>
        {
            if (within) await exchange.AnswerHalfAsync(await exchange.ForwardAsync());
            else exchange.Cut();
        };

        await _client.Invoking(client => client.GetStringAsync(new Uri(Jobs, UriKind.Relative))).Should().ThrowAsync<HttpRequestException>();

        _server.Requests.Should().HaveCount(within ? 1 : 0);
    }

    [Test]
    public async Task Events_pass_as_they_come_and_may_be_doubled_or_cut()
    {
        var watch = _server.OnWatch();
        var lines = new Queue<Func<Exchange, byte[], Task<bool>>>(
        [
            FaultKindNamed("twice").OnEvent,
            FaultKindNamed("cut in mid-event").OnEvent,
        ]);
        _deeds.OnLine = (exchange, line) => lines.Dequeue()(exchange, line);
        using var answer = await _client.GetAsync(new Uri(Jobs + "?watch=true", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        watch.Send("ADDED", "{}");
        (await reader.ReadLineAsync()).Should().Be("""{"type":"ADDED","object":{}}""");
        (await reader.ReadLineAsync()).Should().Be("""{"type":"ADDED","object":{}}""");
        watch.Send("MODIFIED", "{}");
        await reader.Invoking(r => r.ReadLineAsync()).Should().ThrowAsync<IOException>();
    }

    private static FaultKind FaultKindNamed(string name) => FaultKinds.All.Single(kind => kind.Name == name);

    private sealed class Deeds : IFaultScript
    {
        public List<string> Calls { get; } = [];

        public Func<Exchange, Task> OnRequest { get; set; } = exchange => exchange.PassOnAsync();

        public Func<Exchange, byte[], Task<bool>> OnLine { get; set; } = async (exchange, line) =>
        {
            await exchange.WriteLineAsync(line);
            return true;
        };

        public Task ServeAsync(Exchange exchange)
        {
            Calls.Add(exchange.Call.ToString());
            return OnRequest(exchange);
        }

        public Task<bool> RelayAsync(Exchange watch, byte[] line) => OnLine(watch, line);
    }
}
