using System.Runtime.InteropServices;
using Forensics.Local;

namespace Forensics.Tests.Local.Images;

internal sealed class NativeLinkerTests
{
    private static readonly bool OnArm = RuntimeInformation.OSArchitecture == Architecture.Arm64;

    private static string Own => OnArm ? "linux-arm64" : "linux-x64";

    private static string Other => OnArm ? "linux-x64" : "linux-arm64";

    [TestCase("clang")]
    [TestCase("gcc")]
    public void For_this_processor_MSBuild_finds_the_compiler_by_itself(string compiler) =>
        NativeLinker.PropertiesFor(Own, program => program == compiler).Should().BeEmpty();

    [Test]
    public void Without_a_compiler_it_says_what_to_install()
    {
        var asking = () => NativeLinker.PropertiesFor(Own, _ => false);

        asking.Should().Throw<LocalClusterException>().WithMessage("*not on the PATH*apt-get install gcc libc6-dev*");
    }

    [Test]
    public void For_another_processor_it_takes_the_compiler_that_is_made_for_it()
    {
        var tools = OnArm ? "x86_64-linux-gnu-" : "aarch64-linux-gnu-";

        NativeLinker.PropertiesFor(Other, program => program == tools + "gcc").Should()
            .Equal($"-p:CppCompilerAndLinker={tools}gcc", $"-p:ObjCopyName={tools}objcopy");
    }

    [Test]
    public void Without_that_one_it_says_what_to_install_or_where_to_go()
    {
        var asking = () => NativeLinker.PropertiesFor(Other, program => program is "gcc" or "clang");

        asking.Should().Throw<LocalClusterException>().WithMessage($"*for {Other}*apt-get install gcc-*libc6-dev-*-cross*with that processor*");
    }
}
