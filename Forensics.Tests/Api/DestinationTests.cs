using Forensics.Api;

namespace Forensics.Tests.Api;

public sealed class DestinationTests
{
    [TestCase("s3://my-bucket-123456789000-us-west-2", "forensics", "s3://my-bucket-123456789000-us-west-2/forensics")]
    [TestCase("s3://bucket", null, "s3://bucket/forensics")]
    [TestCase("s3://bucket", "", "s3://bucket/forensics")]
    [TestCase("s3://bucket/", "cases/42/", "s3://bucket/cases/42")]
    [TestCase("s3://bucket/team/red", "/cases", "s3://bucket/team/red/cases")]
    [TestCase("s3://bucket", "/", "s3://bucket")]
    public void Destination_and_subpath_are_joined_with_single_slashes(string destination, string? subpath, string expected)
    {
        Destination.TryParse(destination, subpath, out var parsed, out var error).Should().BeTrue(error);
        parsed!.ToString().Should().Be(expected);
    }

    [TestCase("")]
    [TestCase("my-bucket")]
    [TestCase("https://bucket.s3.amazonaws.com")]
    [TestCase("s3://")]
    [TestCase("s3://ab")]
    [TestCase("s3://Bucket")]
    [TestCase("s3://bucket//prefix")]
    [TestCase("s3://bucket/with space")]
    [TestCase("s3://bucket/$(reboot)")]
    [TestCase("s3://bucket/../other")]
    [TestCase("s3://bucket/prefix\n")]
    public void What_is_no_destination_is_refused_with_a_reason(string destination)
    {
        Destination.TryParse(destination, null, out var parsed, out var error).Should().BeFalse();
        parsed.Should().BeNull();
        error.Should().NotBeNullOrEmpty();
    }

    [TestCase("..")]
    [TestCase("a/../b")]
    [TestCase("a//b")]
    [TestCase("a b")]
    [TestCase("a;rm -rf /")]
    [TestCase("a\u202eb")]
    [TestCase("a\n")]
    public void A_subpath_cannot_climb_or_hide(string subpath) =>
        Destination.TryParse("s3://bucket", subpath, out _, out _).Should().BeFalse();

    [Test]
    public void Destination_and_subpath_leave_room_for_the_longest_object_key()
    {
        var bucket = new string('b', 63);
        var subpath = new string('p', Destination.MaxLength - "s3://".Length - bucket.Length - 1);
        Destination.TryParse($"s3://{bucket}", subpath, out var longest, out _).Should().BeTrue();
        Destination.TryParse($"s3://{bucket}", subpath + "p", out _, out var error).Should().BeFalse();
        error.Should().Contain("longer than");

        var pod = new string('p', 253);
        var plan = new CapturePlan
        {
            CreatedAt = DateTimeOffset.UnixEpoch.AddSeconds(9_999_999_999),
            Destination = longest!.ToString(),
            Target = new CaptureTarget { Namespace = new string('n', 63), Pod = pod },
        };
        var key = EvidenceNames.Location(plan, Guid.Empty.ToString()) + EvidenceNames.Inspect(pod, new string('0', 64));
        (key.Length - "s3://".Length - bucket.Length - 1).Should().BeLessThanOrEqualTo(1024);
    }
}
