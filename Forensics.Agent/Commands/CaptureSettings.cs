using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Forensics.Agent.Runtimes;
using Forensics.Agent.Storage.S3;

namespace Forensics.Agent.Commands;

/// <summary>The options that both commands share: how to speak to the store and how patient to be. Each may come from the
/// environment instead.</summary>
internal sealed class CaptureSettings
{
    private readonly Option<bool> _forcePathStyle;
    private readonly Option<string> _acl;
    private readonly Option<int> _partSize;
    private readonly Option<int> _concurrency;
    private readonly Option<int> _stallSeconds;

    public CaptureSettings(Func<string, string?> environment)
    {
        _forcePathStyle = new Option<bool>("--s3-force-path-style")
        {
            Description = $"Address objects as endpoint/bucket/key, as most S3 servers but AWS want. [env: {AgentVariables.ForcePathStyle}]",
            DefaultValueFactory = result => Truth(AgentVariables.ForcePathStyle, environment, result),
        };
        _acl = new Option<string>("--s3-acl")
        {
            Description = $"Canned ACL for every object; empty sends none, as buckets with ACLs disabled demand. [env: {AgentVariables.Acl}]",
            HelpName = "ACL",
            DefaultValueFactory = _ => environment(AgentVariables.Acl) ?? S3Options.DefaultAcl,
        };
        _partSize = Number(
            "--s3-part-size", AgentVariables.PartSize, new S3Options().PartSizeMiB, S3Options.MinPartSizeMiB, 512, environment,
            "MiB of an upload's first parts; later ones grow with the object, so that 10,000 parts hold 5 TiB.");
        _concurrency = Number(
            "--s3-concurrency", AgentVariables.Concurrency, new S3Options().Concurrency, 1, 64, environment,
            "Parts under way at once. Memory for parts is (this + 1) x part size.");
        _stallSeconds = Number(
            "--stall-seconds", AgentVariables.StallSeconds, 120, 1, 86_400, environment,
            "Give an artifact up when the container runtime sends nothing for so long.");
    }

    public void AddTo(Command command)
    {
        Option[] options = [_forcePathStyle, _acl, _partSize, _concurrency, _stallSeconds];
        foreach (var option in options) command.Add(option);
    }

    public S3Options S3(ParseResult parsed) => new()
    {
        ForcePathStyle = parsed.GetValue(_forcePathStyle),
        Acl = parsed.GetValue(_acl) ?? "",
        PartSizeMiB = parsed.GetValue(_partSize),
        Concurrency = parsed.GetValue(_concurrency),
    };

    public RuntimeOptions Runtime(ParseResult parsed, string name, string socket, HostLayout layout) =>
        new() { Name = name, Socket = socket, Layout = layout, StallTime = TimeSpan.FromSeconds(parsed.GetValue(_stallSeconds)) };

    /// <param name="variable">Of the environment; null for none.</param>
    public static Option<int> Number(
        string name, string? variable, int otherwise, int least, int most, Func<string, string?> environment, string description) => new(name)
        {
            Description = variable is null ? description : $"{description} [env: {variable}]",
            HelpName = "N",
            DefaultValueFactory = result =>
                variable is not null && environment(variable) is { Length: > 0 } text ? Within(least, most, variable, text, result) : otherwise,
            CustomParser = result => Within(least, most, name, result.Tokens[0].Value, result),
        };

    private static int Within(int least, int most, string source, string text, ArgumentResult result)
    {
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        result.AddError($"{source} must be a whole number from {least} to {most}; it is '{text}'.");
        return least;
    }

    private static bool Truth(string variable, Func<string, string?> environment, ArgumentResult result)
    {
        if (environment(variable) is not { Length: > 0 } text) return false;
        if (bool.TryParse(text, out var truth)) return truth;
        result.AddError($"{variable} is '{text}'; it may be true or false.");
        return false;
    }
}
