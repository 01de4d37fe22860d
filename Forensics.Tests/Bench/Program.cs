namespace Forensics.Tests.Bench;

/// <summary>What this assembly is when it is run by itself: the benchmarks that "dotnet run build.cs bench" starts.</summary>
internal static class Program
{
    public static int Main(string[] args) => args switch
    {
        ["decode"] => Decode.DecodeComparison.Run(null),
        ["decode", "--json", var file] => Decode.DecodeComparison.Run(file),
        _ => Usage(),
    };

    private static int Usage()
    {
        Console.Error.WriteLine("Run the tests by dotnet test, and benchmarks by: dotnet run build.cs bench NAME");
        return 2;
    }
}
