using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Forensics.Api;
using k8s.Autorest;

namespace Forensics.Controller.Informers;

/// <summary>Turns what went wrong between us and the API server into a line that says what to do about it.</summary>
internal static class ApiProblem
{
    public static string Explain(Exception e, string what) => e switch
    {
        ApiStatusException { Code: StatusCodes.Status404NotFound } when what.StartsWith(ForensicsApi.Plural, StringComparison.Ordinal) =>
            $"{ForensicsApi.Plural}.{ForensicsApi.Group} not found: apply the CRD: kubectl apply -k deploy/crd",
        ApiStatusException { Code: StatusCodes.Status404NotFound } =>
            $"{what} not found: does the address in the kubeconfig lead to a Kubernetes API server?",
        ApiStatusException { Code: StatusCodes.Status401Unauthorized } =>
            "the API server does not accept our credentials: check the ServiceAccount token or the kubeconfig's user",
        ApiStatusException { Code: StatusCodes.Status403Forbidden } forbidden =>
            $"not allowed: apply the RBAC rules of the deployment (kubectl apply -k): {forbidden.Message}",
        ApiStatusException status => $"the API server answered {status.Code} {status.Reason}: {status.Message}",
        HttpOperationException { Response: { Content: { } body } response } =>
            Explain(WireJson.ReadStatus(Encoding.UTF8.GetBytes(body), (int)response.StatusCode), what),
        HttpRequestException { InnerException: AuthenticationException tls } =>
            $"no TLS with the API server: check the certificate authority in the kubeconfig: {tls.Message}",
        HttpRequestException { InnerException: SocketException socket } =>
            $"cannot reach the API server ({socket.Message}): check that it runs and that its address is right",
        OperationCanceledException => "the API server did not answer in time",
        _ => $"{e.GetType().Name}: {e.Message}",
    };
}
