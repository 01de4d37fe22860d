using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Forensics.Agent.Runtimes.Docker;
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

    public DockerOptions Docker(ParseResult parsed, string socket) =>
        new() { Socket = socket, StallTime = TimeSpan.FromSeconds(parsed.GetValue(_stallSeconds)) };

    private static Option<int> Number(
        string name, string variable, int otherwise, int least, int most, Func<string, string?> environment, string description)
    {
        var option = new Option<int>(name)
        {
            Description = $"{description} [env: {variable}]",
            HelpName = "N",
            DefaultValueFactory = result =>
            {
                if (environment(variable) is not { Length: > 0 } text) return otherwise;
                if (int.TryParse(text, CultureInfo.InvariantCulture, out var number)) return number;
                result.AddError($"{variable} is '{text}', which is no whole number.");
                return otherwise;
            },
        };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any()) return;
            var number = result.GetValueOrDefault<int>();
            if (number < least || number > most) result.AddError($"{name} must be from {least} to {most}; it is {number}.");
        });
        return option;
    }

    private static bool Truth(string variable, Func<string, string?> environment, ArgumentResult result)
    {
        if (environment(variable) is not { Length: > 0 } text) return false;
        if (bool.TryParse(text, out var truth)) return truth;
        result.AddError($"{variable} is '{text}'; it may be true or false.");
        return false;
    }
}
