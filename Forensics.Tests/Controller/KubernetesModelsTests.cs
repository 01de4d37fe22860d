using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using CsCheck;
using Forensics.Controller;
using Forensics.Tests.Controller.Informers.Decoding;
using k8s;

namespace Forensics.Tests.Controller;

internal sealed class KubernetesModelsTests
{
    private static readonly System.Reflection.Assembly Library = typeof(KubernetesJson).Assembly;

    // As after KubernetesModels.Use, which would hold for all other tests too.
    private static readonly JsonSerializerOptions Ours = OptionsOfTheLibrary();

    [Test]
    public void Any_Job_and_any_pod_are_written_as_the_library_writes_them()
    {
        AnyObject.Job.Sample(job => JsonSerializer.Serialize(job, Ours).Should().Be(KubernetesJson.Serialize(job)));
        AnyObject.Pod.Sample(pod => JsonSerializer.Serialize(pod, Ours).Should().Be(KubernetesJson.Serialize(pod)));
    }

    [Test]
    public void Whatever_a_call_of_the_library_takes_or_gives_is_listed()
    {
        var models = CalledMethods().SelectMany(ModelsOf).Distinct().ToList();

        models.Should().Contain(model => model.Name == "V1Job").And.Contain(model => model.Name == "V1Lease");
        KubernetesModels.Default.GetTypeInfo(typeof(k8s.Models.V1Secret)).Should().BeNull("so it is that what is not listed shows");
        models.Where(model => KubernetesModels.Default.GetTypeInfo(model) is null).Should().BeEmpty("KubernetesModels lists all that is exchanged");
    }

    private static JsonSerializerOptions OptionsOfTheLibrary()
    {
        JsonSerializerOptions? options = null;
        KubernetesJson.AddJsonOptions(library => options = new JsonSerializerOptions(library) { TypeInfoResolver = KubernetesModels.Default });
        return options!;
    }

    // The library's calls of the API are extension methods, one class for each group and version.
    private static IEnumerable<System.Reflection.MethodInfo> CalledMethods()
    {
        using var program = new PEReader(File.OpenRead(typeof(KubernetesModels).Assembly.Location));
        var metadata = program.GetMetadataReader();
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind != HandleKind.TypeReference) continue;
            var type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
            var typeName = $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
            if (!typeName.EndsWith("OperationsExtensions", StringComparison.Ordinal)) continue;
            foreach (var method in Library.GetType(typeName)!.GetMethods().Where(method => method.Name == metadata.GetString(member.Name)))
                yield return method;
        }
    }

    private static IEnumerable<Type> ModelsOf(System.Reflection.MethodInfo method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType)
            .Concat(method.ReturnType.GetGenericArguments())
            .Concat(method.ReturnType.GetGenericArguments().SelectMany(result => result.GetGenericArguments()))
            .Where(type => type.Namespace == "k8s.Models" && type.Assembly == Library);
}
