using System.Collections;
using System.Reflection;
using Forensics.Api;
using Forensics.Local;

namespace Forensics.Tests.Docs;

/// <summary>Experts rely on docs/evidence.md: what the code can write, it must explain.</summary>
internal sealed class EvidenceDocTests
{
    private static readonly string Evidence = Read("docs/evidence.md");
    private static readonly string Readme = Read("README.md");

    private static IEnumerable<string> AllReasons => typeof(Reasons)
        .GetFields(BindingFlags.Public | BindingFlags.Static).Select(constant => (string)constant.GetRawConstantValue()!);

    private static IEnumerable<string> Fields => new[] { typeof(Manifest), typeof(CaptureRequest) }.SelectMany(FieldsOf).Distinct();

    private static IEnumerable<string> Words => Enum.GetNames<CaptureState>().Except([nameof(CaptureState.Pending)]).Concat(Enum.GetNames<ContainerKind>());

    private static IEnumerable<string> ObjectNames =>
    [
        EvidenceNames.Capture, EvidenceNames.Sums, EvidenceNames.Manifest, EvidenceNames.PodYaml("<pod>"), EvidenceNames.Describe("<pod>"),
        EvidenceNames.Inspect("<pod>", "<id>"), EvidenceNames.Logs("<pod>", "<id>"), EvidenceNames.Diff("<pod>", "<id>"), EvidenceNames.Export("<pod>", "<id>"),
        EvidenceNames.History("<pod>", "<id>"), EvidenceNames.Volume("<pod>", "<name>"), EvidenceNames.SharedMemory("<pod>", "<id>"),
        EvidenceNames.Changes("<pod>", "<id>"), EvidenceNames.Notes("<pod>", "<id>"),
        EvidenceNames.Inventory("<pod>", "<id>"), EvidenceNames.Bodyfile("<pod>", "<id>"),
    ];

    [TestCaseSource(nameof(AllReasons))]
    public void Every_reason_is_explained(string reason) => (Readme + Evidence).Should().Contain($"`{reason}`");

    [TestCaseSource(nameof(Fields))]
    public void Every_field_of_manifest_and_request_is_explained(string field) => Evidence.Should().Contain($"`{field}`");

    [TestCaseSource(nameof(Words))]
    public void Every_state_and_kind_is_explained(string word) => Evidence.Should().Contain($"`{word}`");

    [TestCaseSource(nameof(ObjectNames))]
    public void Every_object_is_in_the_table_of_objects(string name) => Evidence.Should().Contain($"\n| `{name}` |");

    [Test]
    public void The_readme_leads_there() => Readme.Should().Contain("(docs/evidence.md)");

    /// <summary>As the JSON has them, those of nested objects too.</summary>
    private static IEnumerable<string> FieldsOf(Type type)
    {
        foreach (var property in ApiJson.Compact.GetTypeInfo(type)!.Properties)
        {
            yield return property.Name;
            if (InnerRecord(property.PropertyType) is not { } inner) continue;
            foreach (var below in FieldsOf(inner)) yield return below;
        }
    }

    private static Type? InnerRecord(Type type)
    {
        var element = type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[0] : type;
        return element.IsClass && element != typeof(string) ? element : null;
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(RepositoryRoot.Find(), file));
}
