using Forensics.Controller.Checkpoints;
using Forensics.Controller.Informers;
using Forensics.Tests.Fakes;
using k8s;
using static Forensics.Tests.Fakes.ApiJsonText;

namespace Forensics.Tests.Controller.Informers;

/// <summary>When a list comes in pages, and what happens when they run out under the reader.</summary>
internal sealed class ListPagerTests
{
    private ScriptedApiServer _server = null!;
    private Kubernetes _kubernetes = null!;
    private ListWatch<AgentPod> _pods = null!;

    private IEnumerable<string> Queries => _server.Requests.Select(r =>
        string.Join('&', r.Query.Where(q => q.Key != "labelSelector").Select(q => $"{q.Key}={q.Value}").Order(StringComparer.Ordinal)));

    [SetUp]
    public async Task StartServerAsync()
    {
        _server = await ScriptedApiServer.StartAsync();
        _kubernetes = _server.Connect();
        _pods = new ListWatch<AgentPod>(_kubernetes, ResourceTypes.Pods, "ns", "a=b", TimeProvider.System);
    }

    [TearDown]
    public async Task StopServerAsync()
    {
        _kubernetes.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task A_large_list_is_put_together_from_its_pages_as_of_the_first_ones_version()
    {
        _server.OnList(Page("7", "x+/=", Pod("a", "3"), Pod("b", "4")));
        _server.OnList(Page("8", "y", Pod("c", "5")));
        _server.OnList(List("9", Pod("d", "6")));
        var list = await ListAsync("0");

        Names(list).Should().Equal("a", "b", "c", "d");
        list.ResourceVersion.Should().Be("7", "what happened between the pages is still to be watched");
        Queries.Should().Equal("limit=500&resourceVersion=0", "continue=x+/=&limit=500", "continue=y&limit=500");
        _server.Requests.Should().OnlyContain(r => r.Query["labelSelector"] == "a=b");
    }

    [Test]
    public async Task Pages_that_expire_under_the_reader_are_followed_by_the_whole_list_at_once()
    {
        _server.OnList(Page("7", "x", Pod("a", "3"), Pod("b", "4")));
        _server.OnList(410, "Expired");
        _server.OnList(List("20", Pod("b", "4"), Pod("c", "15")));
        var list = await ListAsync("");

        Names(list).Should().Equal("b", "c");
        list.ResourceVersion.Should().Be("20");
        Queries.Last().Should().Be("resourceVersion=");
    }

    [Test]
    public async Task A_list_from_a_version_that_was_seen_before_asks_for_no_pages()
    {
        await ListAsync("0");
        await ListAsync("7");

        Queries.Should().Equal("limit=500&resourceVersion=0", "resourceVersion=7");
    }

    [Test]
    public async Task A_server_without_a_watch_cache_is_asked_for_pages_from_any_version()
    {
        _server.OnList(Page("7", "x", Pod("a", "3")));
        _server.OnList(List("7"));
        await ListAsync("0");
        await ListAsync("7");

        Queries.Last().Should().Be("limit=500&resourceVersion=7");
    }

    [Test]
    public async Task Any_other_refusal_of_a_page_is_the_callers_to_know()
    {
        _server.OnList(Page("7", "x", Pod("a", "3")));
        _server.OnList(429, "TooManyRequests");
        var listing = () => ListAsync("0");

        (await listing.Should().ThrowAsync<ApiStatusException>()).Which.IsTooManyRequests.Should().BeTrue();
    }

    private Task<ResourceList<AgentPod>> ListAsync(string resourceVersion) => _pods.ListAsync(resourceVersion, CancellationToken.None);

    private static IEnumerable<string> Names(ResourceList<AgentPod> list) => list.Items.Select(pod => pod.Metadata.Name);
}
