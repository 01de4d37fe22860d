using System.Net;
using Forensics.Controller;
using Forensics.Tests.Fakes;
using k8s;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Forensics.Tests.Controller;

/// <summary>Who is let in, by scripted answers of the API server.</summary>
internal sealed class ScrapeGuardTests
{
    private const string Known = """{"status":{"authenticated":true,"user":{"username":"system:serviceaccount:monitoring:prometheus","groups":["g"]}}}""";
    private const string Unknown = """{"status":{"authenticated":false}}""";
    private const string Allowed = """{"status":{"allowed":true}}""";
    private const string Denied = """{"status":{"allowed":false}}""";

    private readonly FakeTimeProvider _clock = new();
    private ScriptedAnswers _answers = null!;
    private Kubernetes _kubernetes = null!;
    private ScrapeGuard _guard = null!;

    [SetUp]
    public void Make()
    {
        _answers = new ScriptedAnswers();
        _kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = "http://127.0.0.1:1" }, _answers);
        _guard = new ScrapeGuard(_kubernetes, _clock, NullLogger<ScrapeGuard>.Instance);
    }

    [TearDown]
    public void Dispose()
    {
        _guard.Dispose();
        _kubernetes.Dispose();
        _answers.Dispose();
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("Bearer")]
    [TestCase("Bearer ")]
    [TestCase("Basic dXNlcjpwYXNz")]
    public async Task Without_a_bearer_token_nobody_is_asked(string? header) => (await AskAsync(header)).Should().Be(401);

    [Test]
    public async Task A_token_that_the_cluster_does_not_know_is_unauthorized()
    {
        _answers.Next(HttpStatusCode.Created, Unknown);
        (await AskAsync("Bearer strange")).Should().Be(401);
    }

    [Test]
    public async Task Without_the_right_it_is_forbidden()
    {
        Answer(Known, Denied);
        (await AskAsync("Bearer token")).Should().Be(403);
    }

    [Test]
    public async Task With_the_right_it_is_answered_and_for_a_minute_nobody_is_asked_again()
    {
        Answer(Known, Allowed);
        (await AskAsync("Bearer token")).Should().Be(200);
        _clock.Advance(ScrapeGuard.Remembered - TimeSpan.FromTicks(1));
        (await AskAsync("bearer token")).Should().Be(200);

        _clock.Advance(TimeSpan.FromTicks(1));
        Answer(Known, Denied);
        (await AskAsync("Bearer token")).Should().Be(403, "the right was taken away");
    }

    [Test]
    public async Task One_verdict_is_of_one_token_alone()
    {
        Answer(Known, Allowed);
        (await AskAsync("Bearer token")).Should().Be(200);
        _answers.Next(HttpStatusCode.Created, Unknown);
        (await AskAsync("Bearer other")).Should().Be(401);
    }

    [Test]
    public async Task What_cannot_be_reviewed_is_refused_and_asked_again()
    {
        _answers.Next(HttpStatusCode.Forbidden, """{"message":"tokenreviews is forbidden"}""");
        (await AskAsync("Bearer token")).Should().Be(500);
        Answer(Known, Allowed);
        (await AskAsync("Bearer token")).Should().Be(200);
    }

    [Test]
    public async Task Strangers_cannot_fill_the_memory()
    {
        Answer(Known, Allowed);
        (await AskAsync("Bearer token")).Should().Be(200);
        for (var i = 0; i < ScrapeGuard.MostRemembered; i++)
        {
            _answers.Next(HttpStatusCode.Created, Unknown);
            (await AskAsync($"Bearer {i}")).Should().Be(401);
        }

        Answer(Known, Allowed);
        (await AskAsync("Bearer token")).Should().Be(200, "it was forgotten with all others, and is asked about again");
    }

    private void Answer(string bearer, string access)
    {
        _answers.Next(HttpStatusCode.Created, bearer);
        _answers.Next(HttpStatusCode.Created, access);
    }

    // 200 only if what is guarded was reached.
    private async Task<int> AskAsync(string? authorization)
    {
        var context = new DefaultHttpContext();
        context.Request.Path = "/metrics";
        if (authorization is not null) context.Request.Headers.Authorization = authorization;
        var reached = false;
        await _guard.Around(_ =>
        {
            reached = true;
            return Task.CompletedTask;
        })(context);
        reached.Should().Be(context.Response.StatusCode == 200);
        return context.Response.StatusCode;
    }
}
