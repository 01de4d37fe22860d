namespace Forensics.Tests.Fakes;

/// <summary>JSON as the API server writes it.</summary>
internal static class ApiJsonText
{
    /// <param name="owner">Namespace of the PodCheckpoint that it was made for, which is called as the pod is.</param>
    public static string Pod(string name, string resourceVersion, string namespaceName = "ns", string owner = "owner", string uid = "u") =>
        $$$$"""{"kind":"Pod","apiVersion":"v1","metadata":{"name":"{{{{name}}}}","namespace":"{{{{namespaceName}}}}","resourceVersion":"{{{{resourceVersion}}}}","labels":{"app.kubernetes.io/managed-by":"kube-forensics","forensics.keikoproj.io/podcheckpoint-uid":"{{{{uid}}}}"},"annotations":{"forensics.keikoproj.io/podcheckpoint-namespace":"{{{{owner}}}}","forensics.keikoproj.io/podcheckpoint-name":"{{{{name}}}}"}}}""";

    public static string Bookmark(string resourceVersion) =>
        $$$"""{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"{{{resourceVersion}}}","creationTimestamp":null},"spec":{"containers":null}}""";

    public static string List(string resourceVersion, params string[] items) =>
        $$$"""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"{{{resourceVersion}}}"},"items":[{{{string.Join(',', items)}}}]}""";

    /// <summary>One page of a list, and more to come.</summary>
    public static string Page(string resourceVersion, string more, params string[] items) =>
        List(resourceVersion, items).Replace("\"metadata\":{\"resourceVersion\"", $"\"metadata\":{{\"continue\":\"{more}\",\"resourceVersion\"", StringComparison.Ordinal);

    public static string Status(int code, string reason, string message = "") =>
        $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{code}}}""";
}
