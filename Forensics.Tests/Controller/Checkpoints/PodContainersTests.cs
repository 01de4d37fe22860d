using Forensics.Controller.Checkpoints;
using k8s.Models;

namespace Forensics.Tests.Controller.Checkpoints;

internal sealed class PodContainersTests
{
    [Test]
    public void A_node_that_names_a_container_twice_is_believed_the_first_time()
    {
        var pod = Given.Target();
        var first = pod.Status.ContainerStatuses[0];
        pod.Status.ContainerStatuses.Add(new V1ContainerStatus { Name = first.Name, ContainerID = "docker://another", Image = "", ImageID = "" });

        PodContainers.Of(pod).Single(container => container.Name == first.Name).Id.Should().Be(first.ContainerID["docker://".Length..]);
    }
}
