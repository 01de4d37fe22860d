namespace Forensics.Local;

/// <summary>
/// The description of Kubernetes' API (OpenAPI): of all generated code, the one file that the source package lacks. The
/// source's own <c>make gen_openapi</c> makes four more that are there, after looking at every package.
/// </summary>
internal static class ApiDescription
{
    /// <summary>To be compiled by the source's build script first.</summary>
    public const string Generator = "vendor/k8s.io/kube-openapi/cmd/openapi-gen";

    private const string Project = "k8s.io/kubernetes";

    // What asks to be described says so in a comment.
    private const string Mark = "// +k8s:openapi-gen=";

    private static readonly string[] Roots = ["pkg", "vendor/k8s.io"];

    // Tools and examples, which describe APIs of their own.
    private static readonly string[] NotServed = ["vendor/k8s.io/code-generator/", "vendor/k8s.io/sample-apiserver/"];

    /// <param name="source">The unpacked source of Kubernetes, at its place in a GOPATH.</param>
    public static CommandLine Generation(string source) => new(
        Path.Combine(source, "_output/bin/openapi-gen"),
        "--logtostderr",
        "--input-dirs", string.Join(',', PackagesIn(source).Select(package => $"{Project}/{package}")),
        "--output-package", $"{Project}/pkg/generated/openapi",
        "--output-file-base", "zz_generated.openapi",
        "--go-header-file", Path.Combine(source, "vendor/k8s.io/code-generator/hack/boilerplate.go.txt"),
        "--report-filename", Path.Combine(source, "_output/violations.report"));

    /// <summary>The packages that are served and ask to be described, by their path in the source.</summary>
    public static IReadOnlyList<string> PackagesIn(string source) =>
    [
        .. Roots
            .SelectMany(root => Directory.EnumerateFiles(Path.Combine(source, root), "*.go", SearchOption.AllDirectories))
            .Where(AsksToBeDescribed)
            .Select(file => Path.GetRelativePath(source, Path.GetDirectoryName(file)!))
            .Where(package => !NotServed.Any(folder => package.StartsWith(folder, StringComparison.Ordinal)))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private static bool AsksToBeDescribed(string file) => File.ReadLines(file).Any(line => line.StartsWith(Mark, StringComparison.Ordinal));
}
