using System.Runtime.InteropServices;
using Forensics.Local;

namespace Forensics.Tests.Local;

public sealed class PrerequisitesTests
{
    [Test]
    public void Debian_12_is_what_it_takes() =>
        FluentActions.Invoking(() => Prerequisites.CheckRelease("ID=debian\nVERSION_ID=\"12\"\n")).Should().NotThrow();

    [TestCase("ID=ubuntu\nVERSION_ID=\"24.04\"\nPRETTY_NAME=\"Ubuntu 24.04 LTS\"\n", "*Ubuntu 24.04 LTS*--unit*")]
    [TestCase("ID=debian\nVERSION_ID=\"13\"\n", "*Debian 12*")]
    [TestCase("", "*unknown system*")]
    public void Another_system_is_refused_with_what_to_do(string release, string message) =>
        FluentActions.Invoking(() => Prerequisites.CheckRelease(release)).Should().Throw<LocalClusterException>().WithMessage(message);

    [Test]
    public void A_full_disk_is_refused_with_the_way_out() =>
        FluentActions.Invoking(() => Prerequisites.CheckSpace(available: 1 << 29, needed: 6L << 30, "/data"))
            .Should().Throw<LocalClusterException>().WithMessage("/data has 0.5 GiB free and 6 GiB are needed*FORENSICS_HOME*");

    [Test]
    public void An_architecture_without_packages_is_refused() =>
        FluentActions.Invoking(() => Prerequisites.CheckArchitecture(Architecture.S390x)).Should().Throw<LocalClusterException>();
}
