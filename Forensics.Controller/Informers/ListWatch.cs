using Forensics.Controller.Informers.Decoding;
using k8s;

namespace Forensics.Controller.Informers;

/// <summary>List and watch over the API server's HTTP, as streams of UTF-8: what comes is decoded as it comes.</summary>
internal sealed class ListWatch<T> : IListWatch<T>
{
    // client-go's. Watches end so that they spread over API servers again after one was restarted.
    private const int PageSize = 500;
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromMinutes(5);

    private readonly ListPager<T> _pager;
    private readonly WatchStream<T> _stream;

    /// <param name="pageSize">Objects in one page of a list.</param>
    /// <param name="shortestWatch">5 minutes if null. The server ends a watch after that or up to twice as long.</param>
    public ListWatch(
        Kubernetes kubernetes,
        ResourceType<T> type,
        string? namespaceName,
        string? labelSelector,
        TimeProvider time,
        int pageSize = PageSize,
        TimeSpan? shortestWatch = null)
    {
        var (endpoint, shared) = (CollectionEndpoint.Of(kubernetes, type, namespaceName, labelSelector, time), new SharedStrings());
        _pager = new ListPager<T>(endpoint, type, shared, pageSize, time);
        _stream = new WatchStream<T>(endpoint, type, shared, shortestWatch ?? ShortestWatch, time);
        Namespace = namespaceName;
        Description = namespaceName is null ? $"{type}" : $"{type} in namespace {namespaceName}";
    }

    public string? Namespace { get; }

    public string Description { get; }

    public Task<ResourceList<T>> ListAsync(string resourceVersion, CancellationToken cancellationToken) =>
        _pager.ListAsync(resourceVersion, cancellationToken);

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync(string resourceVersion, CancellationToken cancellationToken) =>
        _stream.WatchAsync(resourceVersion, cancellationToken);
}
