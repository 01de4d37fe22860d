using Forensics.Agent.Storage.Compressing;

namespace Forensics.Tests.Agent.Storage.Compressing;

public sealed class CompressorsTests
{
    /// <summary>The pod's limit of memory is the same on a node of two processors and on one of 192.</summary>
    [TestCase(1, 1)]
    [TestCase(8, 8)]
    [TestCase(192, 8)]
    public void What_they_take_in_memory_does_not_grow_with_the_node(int processors, int workers) =>
        Compressors.WorkersOn(processors).Should().Be(workers);
}
