using Forensics.Local;

namespace Forensics.Tests.Local.Benches;

internal sealed class AgentRecordTests
{
    [Test]
    public async Task A_record_is_one_line_with_the_documented_fields_which_are_medians()
    {
        var shape = new Shape("realistic", "docker", "containerd", "/merged", ArchiveBytes: 30_000_000);
        Measurement[] runs =
        [
            new(TimeSpan.FromSeconds(3), CpuSeconds: 9, PeakRss: 5 << 20, DiskWritten: 70),
            new(TimeSpan.FromSeconds(1), CpuSeconds: 2, PeakRss: 6 << 20, DiskWritten: 10),
            new(TimeSpan.FromSeconds(2), CpuSeconds: 4, PeakRss: 99 << 20, DiskWritten: 40),
        ];
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "records.json");
        var record = AgentRecord.MedianOf(shape, "ours-docker", runs);

        await AgentReport.WriteJsonAsync([record, record with { Contender = "floor" }], file);

        const string line = """{"bench":"agent","shape":"realistic","contender":"ours-docker","wall_s":2,"mb_per_s":15,"cpu_s":4,"peak_rss_mib":6,"disk_written_bytes":40}""";
        (await File.ReadAllLinesAsync(file)).Should().Equal(line, line.Replace("ours-docker", "floor", StringComparison.Ordinal));
    }
}
