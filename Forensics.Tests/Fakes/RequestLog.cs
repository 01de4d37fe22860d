using System.Collections.Concurrent;

namespace Forensics.Tests.Fakes;

/// <summary>Notes the requests of a client on their way to a real server, and may act between them.</summary>
internal sealed class RequestLog : DelegatingHandler
{
    /// <summary>Of reads.</summary>
    public ConcurrentQueue<string> Queries { get; } = new();

    public IEnumerable<string> Lists => Queries.Where(query => !query.Contains("watch=true", StringComparison.Ordinal));

    public IEnumerable<string> Watches => Queries.Where(query => query.Contains("watch=true", StringComparison.Ordinal));

    /// <summary>Called with the query before each request.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var query = request.RequestUri!.Query;
        await Before(query);
        if (request.Method == HttpMethod.Get) Queries.Enqueue(query);
        return await base.SendAsync(request, cancellationToken);
    }
}
