using System.Globalization;
using System.Text.Json;

namespace Forensics.Local;

/// <summary>Prints the records: as tables for people, with ratios to ours, and as JSON lines.</summary>
internal static class AgentReport
{
    public static void Print(Shape shape, IReadOnlyList<AgentRecord> records, TextWriter output)
    {
        var ours = records.FirstOrDefault(record => record.Contender == Contenders.Ours);
        output.WriteLine(Line($"\n{shape.Name}, {shape.ArchiveBytes / 1e6:0} MB\n"));
        output.WriteLine("| contender | wall s | MB/s | of ours | CPU s | peak RSS MiB | to disk MB |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var record in records)
        {
            output.WriteLine(Line(
                $"| {record.Contender} | {record.WallSeconds:0.00} | {record.MegabytesPerSecond:0} | {record.WallSeconds / (ours ?? record).WallSeconds:0.00} | {record.CpuSeconds:0.0} | {record.PeakRssMib:0} | {record.DiskWrittenBytes / 1e6:0.0} |"));
        }
    }

    public static async Task WriteJsonAsync(IEnumerable<AgentRecord> records, string file) =>
        await File.WriteAllLinesAsync(file, records.Select(record => JsonSerializer.Serialize(record, AgentRecordJson.Default.AgentRecord)));

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
