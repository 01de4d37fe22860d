using System.Diagnostics.CodeAnalysis;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Forensics.Controller;

/// <summary>Reads a kubeconfig without reflection: the library's own reader has no use in native code. What it says of clusters, users and
/// contexts; who uses an <c>auth-provider</c>, which client-go no longer has either, needs an <c>exec</c> in its place.</summary>
internal static class Kubeconfig
{
    /// <exception cref="KubeConfigException">It is no kubeconfig.</exception>
    public static K8SConfiguration Read(FileInfo file)
    {
        try
        {
            var yaml = new YamlStream();
            using (var text = file.OpenText()) yaml.Load(text);
            if (yaml.Documents is not [{ RootNode: YamlMappingNode root }]) throw new KubeConfigException($"{file.FullName} is no kubeconfig: it holds no YAML mapping.");
            return Of(root, file.FullName);
        }
        catch (YamlException e)
        {
            throw new KubeConfigException($"{file.FullName} is no YAML: {e.Message} (line {e.Start.Line})", e);
        }
    }

    // The answer of an exec's program is read by reflection.
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(ExecCredentialResponse))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(ExecCredentialResponse.ExecStatus))]
    private static K8SConfiguration Of(YamlMappingNode root, string file) => new()
    {
        FileName = file, // Relative paths in it are relative to it.
        ApiVersion = Text(root, "apiVersion"),
        Kind = Text(root, "kind"),
        CurrentContext = Text(root, "current-context"),
        Contexts = Named(root, "contexts", "context", (name, context) => new Context
        {
            Name = name,
            ContextDetails = new ContextDetails { Cluster = Text(context, "cluster"), User = Text(context, "user"), Namespace = Text(context, "namespace") },
        }),
        Clusters = Named(root, "clusters", "cluster", (name, cluster) => new Cluster { Name = name, ClusterEndpoint = EndpointOf(cluster) }),
        Users = Named(root, "users", "user", (name, user) => new User { Name = name, UserCredentials = CredentialsOf(user) }),
    };

    private static ClusterEndpoint EndpointOf(YamlMappingNode cluster) => new()
    {
        Server = Text(cluster, "server"),
        CertificateAuthority = Text(cluster, "certificate-authority"),
        CertificateAuthorityData = Text(cluster, "certificate-authority-data"),
        TlsServerName = Text(cluster, "tls-server-name"),
        SkipTlsVerify = Text(cluster, "insecure-skip-tls-verify") == "true",
    };

    private static UserCredentials CredentialsOf(YamlMappingNode user) => new()
    {
        ClientCertificate = Text(user, "client-certificate"),
        ClientCertificateData = Text(user, "client-certificate-data"),
        ClientKey = Text(user, "client-key"),
        ClientKeyData = Text(user, "client-key-data"),
        Token = Text(user, "token"),
        UserName = Text(user, "username"),
        Password = Text(user, "password"),
        ExternalExecution = Child(user, "exec") is YamlMappingNode exec ? ExecutionOf(exec) : null,
    };

    private static ExternalExecution ExecutionOf(YamlMappingNode exec) => new()
    {
        ApiVersion = Text(exec, "apiVersion"),
        Command = Text(exec, "command"),
        Arguments = [.. Items(exec, "args").OfType<YamlScalarNode>().Select(argument => argument.Value)],
        EnvironmentVariables = [.. Items(exec, "env").OfType<YamlMappingNode>().Select(variable => new Dictionary<string, string?>
        {
            ["name"] = Text(variable, "name"),
            ["value"] = Text(variable, "value"),
        })],
        InstallHint = Text(exec, "installHint"),
        ProvideClusterInfo = Text(exec, "provideClusterInfo") == "true",
    };

    private static List<T> Named<T>(YamlMappingNode root, string list, string what, Func<string?, YamlMappingNode, T> make) =>
        [.. Items(root, list).OfType<YamlMappingNode>().Select(item => make(Text(item, "name"), Child(item, what) as YamlMappingNode ?? []))];

    private static IEnumerable<YamlNode> Items(YamlMappingNode node, string key) => Child(node, key) is YamlSequenceNode list ? list.Children : [];

    private static string? Text(YamlMappingNode node, string key) =>
        Child(node, key) is YamlScalarNode { Value: { Length: > 0 } text } scalar && !(scalar.Style == ScalarStyle.Plain && text is "null" or "~") ? text : null;

    private static YamlNode? Child(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var child) ? child : null;
}
