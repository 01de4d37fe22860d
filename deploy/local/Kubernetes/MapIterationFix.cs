namespace Forensics.Local;

/// <summary>
/// Kubernetes 1.20 carries reflect2 1.0.1, which iterates over maps by a function of the Go runtime that has another
/// signature since Go 1.18. Built with Debian's Go 1.19, the API server dies of "fatal error: fault" at the first
/// custom resource. reflect2 1.0.2 repaired it; this does the same to the source before it is compiled.
/// </summary>
internal static class MapIterationFix
{
    /// <param name="source">The unpacked source of Kubernetes.</param>
    public static async Task ApplyAsync(string source, CancellationToken cancellation)
    {
        var library = Path.Combine(source, "vendor/github.com/modern-go/reflect2");
        await ReplaceAsync(Path.Combine(library, "unsafe_link.go"), cancellation,
            ("func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer) *hiter", "func mapiterinit(rtype unsafe.Pointer, m unsafe.Pointer, it *hiter)"),
            // The caller makes the iterator now: it must have the runtime's size and its pointers where the runtime has them.
            ("\t// rest fields are ignored", "\t_ [4]unsafe.Pointer\n\t_ [2]*[]unsafe.Pointer\n\t_ uintptr\n\t_ [4]uint8\n\t_ [2]uintptr"));
        await ReplaceAsync(Path.Combine(library, "unsafe_map.go"), cancellation,
            ("\treturn &UnsafeMapIterator{\n\t\thiter:      mapiterinit(type2.rtype, *(*unsafe.Pointer)(obj)),",
             "\tit := new(hiter)\n\tmapiterinit(type2.rtype, *(*unsafe.Pointer)(obj), it)\n\treturn &UnsafeMapIterator{\n\t\thiter:      it,"));
    }

    private static async Task ReplaceAsync(string file, CancellationToken cancellation, params (string Old, string New)[] replacements)
    {
        var text = await File.ReadAllTextAsync(file, cancellation);
        foreach (var (old, replacement) in replacements)
        {
            if (text.Split(old).Length != 2)
                throw new LocalClusterException($"{file} is not as expected: has Debian changed its source package? See {nameof(MapIterationFix)}.cs.");
            text = text.Replace(old, replacement, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(file, text, cancellation);
    }
}
