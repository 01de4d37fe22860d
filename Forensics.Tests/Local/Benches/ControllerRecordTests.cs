using System.Text.Json;
using Forensics.Local;

namespace Forensics.Tests.Local.Benches;

internal sealed class ControllerRecordTests
{
    [Test]
    public void A_record_is_one_line_with_the_documented_fields() => JsonSerializer.Serialize(new ControllerRecord
    {
        Objects = 1000,
        ReconcilesPerSecond = 1.5,
        RequestsPerCapture = 2,
        P50Milliseconds = 3,
        P99Milliseconds = 4,
        PeakRssMib = 5,
        CpuSeconds = 6,
        AllocatedKibPerReconcile = 7,
        RestartMilliseconds = 8,
        Lost = 0,
        Duplicated = 0,
    }).Should().Be("""{"bench":"controller","objects":1000,"reconciles_per_s":1.5,"requests_per_capture":2,"p50_ms":3,"p99_ms":4,"peak_rss_mib":5,"cpu_s":6,"alloc_kib_per_reconcile":7,"restart_ms":8,"lost":0,"duplicated":0}""");

    [Test]
    public void Two_processes_have_used_what_each_has() =>
        (new ControllerUse(1, 50, 70, 10, 3, 4) + (new ControllerUse(5, 40, 60, 30, 9, 8) - new ControllerUse(2, 30, 30, 10, 4, 4)))
            .Should().Be(new ControllerUse(4, 40, 70, 30, 8, 8));
}
