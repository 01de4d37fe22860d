using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Forensics.Agent.Filesystems;
using Forensics.Api;

namespace Forensics.Agent.Runtimes.Docker;

/// <summary>Turns refusals, silence and broken connections into <see cref="RuntimeException"/>, and guards the answer's body.</summary>
internal sealed class DockerAnswerHandler(HttpMessageHandler inner, DockerOptions options, TimeProvider clock)
    : DelegatingHandler(inner)
{
    private const int LongestMessage = 4096;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var stalled = new CancellationTokenSource(options.StallTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stalled.Token);
        try
        {
            var answer = await base.SendAsync(request, either.Token);
            if (!answer.IsSuccessStatusCode) throw await RefusalAsync(answer, either.Token);
            answer.Content = await GuardAsync(answer.Content, either.Token);
            return answer;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw GuardedStream.Stalled(options.StallTime, e);
        }
        catch (HttpRequestException e)
        {
            throw BrokenOff(e);
        }
    }

    private async Task<StreamContent> GuardAsync(HttpContent body, CancellationToken cancellationToken)
    {
        var guarded = new StreamContent(
            new GuardedStream(await body.ReadAsStreamAsync(cancellationToken), options.StallTime, clock));
        foreach (var header in body.Headers) guarded.Headers.TryAddWithoutValidation(header.Key, header.Value);
        return guarded;
    }

    private RuntimeException BrokenOff(HttpRequestException error) =>
        error.InnerException is SocketException socket
            ? new RuntimeException(
                Reasons.RuntimeUnreachable,
                $"The Docker daemon cannot be reached at {options.Socket}: {UnixSocket.Word(socket)}. Check that the daemon runs and that this is its socket.",
                error)
            { IsTransient = true }
            : new RuntimeException(Reasons.RuntimeFailed, $"The Docker daemon broke off: {error.Message}", error) { IsTransient = true };

    private static async Task<RuntimeException> RefusalAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using (answer)
        {
            var said = EscapedText.Of(MessageIn(await answer.Content.ReadAsStringAsync(cancellationToken)));
            return answer.StatusCode switch
            {
                HttpStatusCode.NotFound => new RuntimeException(
                    Reasons.ContainerGone, $"The runtime holds no such container any more: {said}"),
                var status => new RuntimeException(
                    Reasons.RuntimeFailed, $"The Docker daemon answered {(int)status}: {said}")
                { IsTransient = (int)status >= 500 && !DockerLogs.CannotBeRead(status, said), Answer = (status, said) },
            };
        }
    }

    private static string MessageIn(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("message", out var message)) body = message.ToString();
        }
        catch (JsonException)
        {
            // Then the body itself is the message.
        }

        return body.Trim()[..Math.Min(body.Trim().Length, LongestMessage)];
    }
}
