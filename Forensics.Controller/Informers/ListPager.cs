using Forensics.Controller.Informers.Decoding;

namespace Forensics.Controller.Informers;

/// <summary>Lists a collection, in pages where that spares the server, and decodes it while it comes in. Whether in pages is
/// client-go's rule; docs/decisions/own-informer.md says why.</summary>
internal sealed class ListPager<T>(CollectionEndpoint endpoint, ResourceType<T> type, SharedStrings shared, int pageSize, TimeProvider time)
{
    private bool _comesInPages;

    public async Task<ResourceList<T>> ListAsync(string resourceVersion, CancellationToken cancellationToken)
    {
        // From a version that we have seen, the list comes from the server's watch cache, but only if no limit is set: etcd is
        // spared when all clients come back at once. A server that answers "0" in pages has no such cache.
        var limit = resourceVersion is "" or "0" || _comesInPages ? $"&limit={pageSize}" : "";
        var items = new List<T>();
        var first = await ReadPageAsync($"?resourceVersion={resourceVersion}{limit}", items, cancellationToken);
        _comesInPages |= resourceVersion == "0" && first.Continue.Length > 0;
        try
        {
            for (var page = first; page.Continue.Length > 0;)
                page = await ReadPageAsync($"?limit={pageSize}&continue={Uri.EscapeDataString(page.Continue)}", items, cancellationToken);
        }
        catch (ApiStatusException e) when (e.IsExpired)
        {
            // What the pages are of was compacted away before the last one, and might be again: this time all at once.
            items.Clear();
            first = await ReadPageAsync("?resourceVersion=", items, cancellationToken);
        }

        return new ResourceList<T>(items, first.ResourceVersion);
    }

    private async Task<ListReader<T>> ReadPageAsync(string query, List<T> items, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(CollectionEndpoint.LongestSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        using var response = await endpoint.GetAsync(query, either.Token);
        var body = await CollectionEndpoint.BodyOfAsync(response, either.Token);
        try
        {
            var page = new ListReader<T>(type, shared, items);
            while (true)
            {
                silence.CancelAfter(CollectionEndpoint.LongestSilence);
                var read = await body.ReadAsync(either.Token);
                var rest = read.Buffer.Slice(page.Take(read.Buffer, read.IsCompleted));
                if (read.IsCompleted) return page;
                CollectionEndpoint.ExpectAnEnd(rest);
                body.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await body.CompleteAsync();
        }
    }
}
