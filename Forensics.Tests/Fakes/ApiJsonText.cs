namespace Forensics.Tests.Fakes;

/// <summary>JSON as the API server writes it.</summary>
internal static class ApiJsonText
{
    public static string Pod(string name, string resourceVersion, string namespaceName = "ns", string owner = "owner", string uid = "u") =>
        $$$$"""{"kind":"Pod","apiVersion":"v1","metadata":{"name":"{{{{name}}}}","namespace":"{{{{namespaceName}}}}","resourceVersion":"{{{{resourceVersion}}}}","labels":{"uid":"{{{{uid}}}}"},"annotations":{"owner":"{{{{owner}}}}"}}}""";

    public static string Bookmark(string resourceVersion) =>
        $$$"""{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"{{{resourceVersion}}}","creationTimestamp":null},"spec":{"containers":null}}""";

    public static string List(string resourceVersion, params string[] items) =>
        $$$"""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"{{{resourceVersion}}}"},"items":[{{{string.Join(',', items)}}}]}""";

    public static string Status(int code, string reason, string message = "") =>
        $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{code}}}""";
}
