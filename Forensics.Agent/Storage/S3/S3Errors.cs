using System.Net;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.S3;
using Forensics.Api;

namespace Forensics.Agent.Storage.S3;

/// <summary>What an S3 failure means to us, and what a person can do about it.</summary>
internal static class S3Errors
{
    /// <summary>Null for what is no failure of the store: the caller's own cancellation and bugs.</summary>
    public static StoreException? Translate(
        Exception error, string bucket, string key, string? endpoint, CancellationToken cancellationToken) => error switch
        {
            OperationCanceledException when cancellationToken.IsCancellationRequested => null,
            AmazonS3Exception answer => FromAnswer(answer, bucket, key),
            HttpRequestException or IOException or TimeoutException or OperationCanceledException =>
                Unreachable(endpoint, error),
            AmazonServiceException { InnerException: HttpRequestException or IOException or OperationCanceledException } =>
                Unreachable(endpoint, error),
            AmazonClientException => new StoreException(
                Reasons.AccessDenied,
                $"No AWS credentials could be had for s3://{bucket}. Give the agent's ServiceAccount a role (IRSA or Pod Identity) or "
                + $"the node an instance role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. The AWS SDK says: {OneLine(error.Message)}",
                error)
            {
                // A token service that is down answers the same way.
                IsTransient = true,
            },
            _ => null,
        };

    private static StoreException FromAnswer(AmazonS3Exception answer, string bucket, string key)
    {
        var said = $"{(int)answer.StatusCode} {answer.ErrorCode}";
        return (answer.StatusCode, answer.ErrorCode) switch
        {
            (_, "NoSuchBucket") => new StoreException(
                Reasons.BucketNotFound, $"The bucket '{bucket}' does not exist. Create it, or correct the destination.", answer),
            (_, "NoSuchUpload") => new StoreException(
                Reasons.ObjectExists,
                $"The upload of {key} in '{bucket}' is no more ({said}); something completed or aborted it.",
                answer)
            { MayBeDone = true },
            (HttpStatusCode.PreconditionFailed, _) => new StoreException(
                Reasons.ObjectExists, $"The object {key} exists in '{bucket}' already and is never overwritten.", answer)
            { MayBeDone = true },
            (_, "AccessControlListNotSupported" or "InvalidBucketAclWithObjectOwnership") => new StoreException(
                Reasons.AccessDenied,
                $"The bucket '{bucket}' has ACLs disabled ({said}). Set FORENSICS_S3_ACL to an empty value in the deployment.", answer),
            (HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, _) => new StoreException(
                Reasons.AccessDenied,
                $"The store refused to write {key} into '{bucket}' ({said}). Allow the agent's role s3:PutObject and "
                + "s3:AbortMultipartUpload on this prefix (and s3:PutObjectAcl if an ACL is sent), and check its credentials.",
                answer),
            (HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect, _) or (_, "AuthorizationHeaderMalformed") =>
                new StoreException(
                    Reasons.StoreFailed,
                    $"The bucket '{bucket}' is in another region ({said}). Set AWS_REGION in the deployment to the bucket's region.",
                    answer),
            _ => new StoreException(
                Reasons.StoreFailed, $"The store failed to write {key} into '{bucket}' ({said}). {OneLine(answer.Message)}".TrimEnd(), answer)
            {
                IsTransient = IsTransient(answer),
                LeavesDoubt = LeavesDoubt(answer),
            },
        };
    }

    // Only S3's own words for "not now" are a refusal: a proxy may say 503 of a server that it lost after the request.
    private static bool LeavesDoubt(AmazonS3Exception answer) =>
        answer.ErrorCode == "InternalError"
        || ((int)answer.StatusCode >= 500 && answer.ErrorCode is not ("SlowDown" or "ServiceUnavailable" or "Throttling"));

    private static bool IsTransient(AmazonS3Exception answer) =>
        (int)answer.StatusCode is >= 500 or 408 or 409 or 429
        || answer.ErrorCode is "InternalError" or "SlowDown" or "RequestTimeout" or "ServiceUnavailable" or "Throttling";

    private static StoreException Unreachable(string? endpoint, Exception error) => new(
        Reasons.StoreUnreachable,
        $"The store {endpoint ?? "(S3's own endpoint)"} cannot be reached: {Cause(error)}. "
        + WhatToDoAbout(error),
        error)
    { IsTransient = true, LeavesDoubt = true };

    private static string WhatToDoAbout(Exception error) => error switch
    {
        // It tells no other way what it is about.
        AuthenticationException { Message: var message } when message.Contains("certificate", StringComparison.OrdinalIgnoreCase) =>
            "If an authority of your own signs its certificate, mount that into the agent and name its folder in SSL_CERT_DIR "
            + "(see docs/operations.md); else check the name in AWS_ENDPOINT_URL_S3 and the certificate's dates.",
        AuthenticationException => "What answers there does not speak TLS as expected: check scheme and port in AWS_ENDPOINT_URL_S3, and what lies between.",
        { InnerException: { } inner } => WhatToDoAbout(inner),
        _ => "Check AWS_ENDPOINT_URL_S3, AWS_REGION, network policies and DNS.",
    };

    // HttpClient's message has host and port; .NET's word for a name that does not resolve leads nobody to it.
    private static string Cause(Exception error) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name cannot be resolved",
        { InnerException: { } inner } => Cause(inner),
        _ => OneLine(error.Message).TrimEnd('.'),
    };

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
