using Forensics.Local;
using Forensics.Tests.Docs;
using Forensics.Tests.Local;

namespace Forensics.Tests.Deploy.Monitoring;

/// <summary>The alerts, by promtool's word and the documents'.</summary>
internal sealed class AlertRuleTests
{
    [Test]
    public void Every_alert_has_its_section_in_the_operations_document_and_every_such_section_its_alert()
    {
        var sections = Documentation.Lines("operations.md").Where(line => line.StartsWith("### Forensics", StringComparison.Ordinal)).Select(line => line["### ".Length..]).ToList();

        sections.Should().BeEquivalentTo(AlertRules.All.Select(rule => rule.Name()));
        foreach (var rule in AlertRules.All)
        {
            rule["annotations"]!["runbook_url"]!.GetValue<string>().Should().EndWith($"/docs/operations.md#{Anchor(rule.Name())}");
            rule["annotations"]!["summary"]!.GetValue<string>().Should().NotBeEmpty();
            rule["labels"]!["severity"]!.GetValue<string>().Should().BeOneOf("warning", "critical");
        }
    }

    [Test]
    [Category("Cluster")] // For its promtool.
    public async Task Promtool_finds_the_rules_right_and_their_unit_tests_pass()
    {
        using var folder = new TemporaryFolder();
        await WriteAsync(folder, AlertRules.Manifest["spec"]!.ToJsonString());

        var check = await PromtoolAsync("check", "rules", Path.Combine(folder.Path, "rules.yaml"));
        var test = await PromtoolAsync("test", "rules", Path.Combine(folder.Path, "alerts.yaml"));

        check.ExitCode.Should().Be(0, check.Error);
        check.Output.Should().Contain($"{AlertRules.All.Count} rules found");
        test.ExitCode.Should().Be(0, test.Output + test.Error);
    }

    [Test]
    [Category("Cluster")]
    public async Task The_unit_tests_miss_each_alert_that_never_fires_and_notice_each_that_always_does(
        [Values("vector(1) > 2", "vector(1)")] string expression)
    {
        using var folder = new TemporaryFolder();
        var spec = AlertRules.Manifest["spec"]!.DeepClone();
        foreach (var rule in spec["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray())) rule!["expr"] = expression;
        await WriteAsync(folder, spec.ToJsonString());

        var test = await PromtoolAsync("test", "rules", Path.Combine(folder.Path, "alerts.yaml"));

        test.ExitCode.Should().NotBe(0);
        foreach (var rule in AlertRules.All) (test.Output + test.Error).Should().Contain($"alertname: {rule.Name()},");
    }

    // JSON is YAML.
    private static async Task WriteAsync(TemporaryFolder folder, string rules)
    {
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "rules.yaml"), rules);
        File.Copy(Manifests.PathOf($"{AlertRules.Folder}/tests/alerts.yaml"), Path.Combine(folder.Path, "alerts.yaml"));
    }

    private static Task<CommandResult> PromtoolAsync(params string[] arguments) =>
        Command.TryAsync(new CommandLine(new TestPrograms(LocalPaths.FromEnvironment()).Promtool, arguments), CancellationToken.None);

#pragma warning disable CA1308 // As GitHub makes an anchor of a heading.
    private static string Anchor(string heading) => heading.ToLowerInvariant();
#pragma warning restore CA1308
}
