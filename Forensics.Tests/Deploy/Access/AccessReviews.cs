using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace Forensics.Tests.Deploy.Access;

/// <summary>Asks the real API server what a ServiceAccount may do.</summary>
internal sealed class AccessReviews(Kubernetes kubernetes)
{
    // Enough to keep the API server busy, which answers each in well under a millisecond.
    private static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = 16 };

    /// <summary>Of the rights asked about, those that the account has.</summary>
    public async Task<IReadOnlySet<Right>> AllowedAsync(string namespaceName, string account, IEnumerable<Right> asked)
    {
        var allowed = new ConcurrentBag<Right>();
        await Parallel.ForEachAsync(asked, Parallelism, async (right, _) =>
        {
            if (await IsAllowedAsync(namespaceName, account, right)) allowed.Add(right);
        });
        return allowed.ToHashSet();
    }

    public async Task<bool> IsAllowedAsync(string namespaceName, string account, Right right)
    {
        var answer = await kubernetes.AuthorizationV1.CreateSubjectAccessReviewAsync(new V1SubjectAccessReview
        {
            Spec = new V1SubjectAccessReviewSpec
            {
                // As the API server's own authenticator would name it.
                User = $"system:serviceaccount:{namespaceName}:{account}",
                Groups = ["system:serviceaccounts", $"system:serviceaccounts:{namespaceName}", "system:authenticated"],
                ResourceAttributes = right.IsPath ? null : Attributes(right),
                NonResourceAttributes = right.IsPath ? new V1NonResourceAttributes { Path = right.Resource, Verb = right.Verb } : null,
            },
        });
        return answer.Status.Allowed;
    }

    private static V1ResourceAttributes Attributes(Right right)
    {
        var (resource, subresource, group) = right.Parts;
        return new V1ResourceAttributes
        {
            Group = group,
            Resource = resource,
            Subresource = subresource,
            Verb = right.Verb,
            NamespaceProperty = right.Namespace,
            Name = right.Name,
        };
    }
}
