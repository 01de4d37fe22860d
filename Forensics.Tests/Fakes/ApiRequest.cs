using Microsoft.AspNetCore.Http;

namespace Forensics.Tests.Fakes;

/// <summary>One request as <see cref="ScriptedApiServer"/> saw it.</summary>
internal sealed record ApiRequest(string Path, IQueryCollection Query, string? Authorization)
{
    public bool IsWatch => Query["watch"] == "true";

    public string? ResourceVersion => Query["resourceVersion"];

    public override string ToString() => $"{(IsWatch ? "watch" : "list")} from '{ResourceVersion}'";
}
