using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Forensics.Controller;

/// <summary>Lets in whom the cluster's own RBAC allows to <c>get /metrics</c>: the API server is asked who bears the token
/// (TokenReview), and whether that one may (SubjectAccessReview). Its answer counts for a minute.</summary>
internal sealed class ScrapeGuard(IKubernetes kubernetes, TimeProvider time, ILogger<ScrapeGuard> log) : IDisposable
{
    /// <summary>A right that is taken away still counts for this long, and one that is given may take this long to count.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    /// <summary>Verdicts that are remembered: strangers' tokens must not fill the memory.</summary>
    public const int MostRemembered = 1000;

    // By the token's hash: the tokens themselves are nowhere.
    private readonly Dictionary<string, (int Code, long Since)> _verdicts = new(StringComparer.Ordinal);

    // One review at a time: whoever can reach this port must not be able to flood the API server through it.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Answers 401 without a valid token, 403 without the right, 500 if that cannot be found out.</summary>
    public RequestDelegate Around(RequestDelegate answer) => async context =>
    {
        var code = await CodeForAsync(context.Request, context.RequestAborted);
        if (code == StatusCodes.Status200OK)
        {
            await answer(context);
            return;
        }

        context.Response.StatusCode = code;
        context.Response.ContentType = "text/plain; charset=utf-8";
        if (code == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        await context.Response.WriteAsync(Explain(code) + "\n", context.RequestAborted);
    };

    public void Dispose() => _turn.Dispose();

    private static string Explain(int code) => code switch
    {
        StatusCodes.Status401Unauthorized => "Unauthorized: a bearer token of this cluster is needed.",
        StatusCodes.Status403Forbidden => "Forbidden: RBAC must allow you to get the nonResourceURL /metrics.",
        _ => "The API server could not be asked whether you may read this. The controller's log says why.",
    };

    private async Task<int> CodeForAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
            || !header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) || header.Parameter is not { Length: > 0 } token)
            return StatusCodes.Status401Unauthorized;

        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_verdicts.TryGetValue(key, out var known) && time.GetElapsedTime(known.Since) < Remembered) return known.Code;
            var code = await ReviewAsync(token, cancellationToken);
            if (_verdicts.Count >= MostRemembered) _verdicts.Clear();
            _verdicts[key] = (code, time.GetTimestamp());
            return code;
        }
        catch (Exception e) when (e is HttpOperationException or HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            log.ScrapeNotReviewed(e is HttpOperationException { Response.Content: { Length: > 0 } content } ? content : e.Message);
            return StatusCodes.Status500InternalServerError;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<int> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        var bearer = await kubernetes.AuthenticationV1.CreateTokenReviewAsync(
            new V1TokenReview { Spec = new V1TokenReviewSpec { Token = token } }, cancellationToken: cancellationToken);
        if (bearer.Status is not { Authenticated: true, User: { } user }) return StatusCodes.Status401Unauthorized;

        var access = await kubernetes.AuthorizationV1.CreateSubjectAccessReviewAsync(
            new V1SubjectAccessReview
            {
                Spec = new V1SubjectAccessReviewSpec
                {
                    User = user.Username,
                    Uid = user.Uid,
                    Groups = user.Groups,
                    Extra = user.Extra,
                    NonResourceAttributes = new V1NonResourceAttributes { Path = Endpoints.MetricsPath, Verb = "get" },
                },
            },
            cancellationToken: cancellationToken);
        return access.Status?.Allowed == true ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden;
    }
}
