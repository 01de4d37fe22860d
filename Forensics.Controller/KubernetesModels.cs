using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Forensics.Controller;

/// <summary>Every object that this program sends to the API server, or reads from it, through KubernetesClient's calls. The library has such
/// a list too, with all of Kubernetes' objects: as native code that would be a third of the program more (docs/decisions/native-programs.md).
/// What is missing here is a NotSupportedException that names it, on .NET as in native code.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Corev1Event))]
[JsonSerializable(typeof(Corev1EventList))]
[JsonSerializable(typeof(V1ConfigMap))]
[JsonSerializable(typeof(V1ConfigMapList))]
[JsonSerializable(typeof(V1DeleteOptions))]
[JsonSerializable(typeof(V1Job))]
[JsonSerializable(typeof(V1Lease))]
[JsonSerializable(typeof(V1Node))]
[JsonSerializable(typeof(V1PersistentVolume))]
[JsonSerializable(typeof(V1PersistentVolumeClaim))]
[JsonSerializable(typeof(V1Pod))]
[JsonSerializable(typeof(V1PodList))]
[JsonSerializable(typeof(V1PodTemplate))]
[JsonSerializable(typeof(V1Status))]
[JsonSerializable(typeof(V1SubjectAccessReview))]
[JsonSerializable(typeof(V1TokenReview))]
[JsonSerializable(typeof(JsonElement))] // Custom objects, and what came back from changing one.
[JsonSerializable(typeof(object))]
internal sealed partial class KubernetesModels : JsonSerializerContext
{
    /// <summary>Has the library use this list instead of its own, in the whole process and before it has read or written anything.</summary>
    public static void Use() => KubernetesJson.AddJsonOptions(options => options.TypeInfoResolver = Default);
}
