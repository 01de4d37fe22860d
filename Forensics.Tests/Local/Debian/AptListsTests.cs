using Forensics.Local;

namespace Forensics.Tests.Local.Debian;

public sealed class AptListsTests
{
    private static readonly AptSource Debian = new(["http://m/debian"], ["bookworm", "bookworm-backports"], ["main", "contrib"], null);

    [Test]
    public void Only_the_releases_own_suites_and_its_main_component_are_used() =>
        AptLists.Choose([Debian]).Should().ContainSingle().Which.Should().BeEquivalentTo(
            Debian with { Suites = ["bookworm"], Components = ["main"] });

    [Test]
    public void Third_parties_and_other_releases_are_left_out()
    {
        var others = new[]
        {
            new AptSource(["https://third.example/"], ["nodistro"], ["main"], null),
            new AptSource(["https://third.example/"], ["bookworm"], ["stable"], null),
            new AptSource(["http://m/debian"], ["trixie"], ["main"], null),
        };

        AptLists.Choose(others).Should().BeEmpty();
    }

    [Test]
    public void What_is_written_parses_back()
    {
        var source = new AptSource(["http://m/debian"], ["bookworm"], ["main"], "/usr/share/keyrings/k.gpg");

        AptSourceParser.ParseDeb822(AptLists.Stanzas([source], "deb deb-src"))
            .Should().ContainSingle().Which.Should().BeEquivalentTo(source);
    }
}
