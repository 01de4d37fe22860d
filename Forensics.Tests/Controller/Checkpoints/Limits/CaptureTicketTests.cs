using Forensics.Api;
using Forensics.Controller.Checkpoints.Limits;

namespace Forensics.Tests.Controller.Checkpoints.Limits;

public sealed class CaptureTicketTests
{
    [Test]
    public void Requests_are_looked_at_in_the_order_in_which_they_get_their_turns()
    {
        var requests = new[] { Made(1, "a"), Made(0, "c"), Made(0, "b"), Made(null, "d") };

        var looked = requests.Order(CaptureTicket.OrderOfRequests).Select(request => request.Metadata.Uid);
        var served = requests.Select(request => CaptureTicket.For(request, "")).Order(CaptureTicket.FirstComeFirstServed).Select(ticket => ticket.Uid);

        looked.Should().Equal("b", "c", "a", "d");
        served.Should().Equal("b", "c", "a", "d");
    }

    private static PodCheckpoint Made(int? second, string uid)
    {
        var basis = Given.Checkpoint();
        return basis with { Metadata = basis.Metadata with { Uid = uid, CreationTimestamp = second is { } s ? Given.Start.AddSeconds(s) : null } };
    }
}
