using Forensics.Local;

namespace Forensics.Tests.Local.Debian;

public sealed class AptSourceParserTests
{
    [Test]
    public void A_line_names_its_archive_suite_and_components()
    {
        var sources = AptSourceParser.ParseList("deb http://mirror.example/debian bookworm main contrib # ours\n");

        sources.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new AptSource(["http://mirror.example/debian"], ["bookworm"], ["main", "contrib"], null));
    }

    [Test]
    public void The_key_of_a_line_is_found_among_its_options()
    {
        var sources = AptSourceParser.ParseList(
            "deb [ arch=amd64 signed-by=/usr/share/keyrings/k.gpg ] http://mirror.example/debian bookworm main");

        sources.Should().ContainSingle().Which.SignedBy.Should().Be("/usr/share/keyrings/k.gpg");
    }

    [TestCase("# deb http://mirror.example/debian bookworm main")]
    [TestCase("deb-src http://mirror.example/debian bookworm main")]
    [TestCase("deb http://flat.example/repository ./")]
    [TestCase("deb [signed-by=/never/closed http://mirror.example/debian bookworm main")]
    [TestCase("nonsense")]
    [TestCase("")]
    public void Lines_that_name_no_usable_archive_are_passed_over(string line) =>
        AptSourceParser.ParseList(line).Should().BeEmpty();

    [Test]
    public void A_stanza_may_hold_comments_several_suites_and_a_key_file()
    {
        var sources = AptSourceParser.ParseDeb822(
            """
            Types: deb
            # http://snapshot.example/
            URIs: http://mirror.example/debian
            Suites: bookworm bookworm-updates
            Components: main
            Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

            Types: deb deb-src
            URIs: http://mirror.example/debian-security
            Suites: bookworm-security
            Components: main

            """);

        sources.Should().HaveCount(2);
        sources[0].Should().BeEquivalentTo(new AptSource(
            ["http://mirror.example/debian"], ["bookworm", "bookworm-updates"], ["main"],
            "/usr/share/keyrings/debian-archive-keyring.gpg"));
        sources[1].Suites.Should().Equal("bookworm-security");
    }

    [Test]
    public void A_key_within_a_stanza_keeps_its_lines()
    {
        var sources = AptSourceParser.ParseDeb822(
            "Types: deb\nURIs: http://m\nSuites: bookworm\nComponents: main\nSigned-By:\n -----BEGIN PGP-----\n .\n abc\n");

        sources.Should().ContainSingle().Which.SignedBy.Should().Be("-----BEGIN PGP-----\n .\n abc");
    }

    [TestCase("Enabled: no")]
    [TestCase("Types: deb-src")]
    public void A_stanza_that_is_disabled_or_of_sources_does_not_count(string line) =>
        AptSourceParser.ParseDeb822($"Types: deb\nURIs: http://m\nSuites: bookworm\nComponents: main\n{line}\n").Should().BeEmpty();
}
