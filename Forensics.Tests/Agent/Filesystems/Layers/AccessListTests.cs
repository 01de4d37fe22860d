using System.Text;
using Forensics.Agent.Filesystems.Layers;

namespace Forensics.Tests.Agent.Filesystems.Layers;

[TestFixture]
internal sealed class AccessListTests
{
    // As setfacl -m u:1000:r-x,g:7:w writes them.
    private static readonly byte[] List =
    [
        2, 0, 0, 0,
        1, 0, 6, 0, 255, 255, 255, 255,
        2, 0, 5, 0, 0xE8, 3, 0, 0,
        4, 0, 4, 0, 255, 255, 255, 255,
        8, 0, 2, 0, 7, 0, 0, 0,
        16, 0, 7, 0, 255, 255, 255, 255,
        32, 0, 0, 0, 255, 255, 255, 255,
    ];

    [Test]
    public void A_list_is_told_with_ids_as_numbers()
    {
        var text = new ByteBuffer();

        AccessList.TryToText(List, text).Should().BeTrue();

        Encoding.ASCII.GetString(text.Span).Should().Be("user::rw-,user:1000:r-x,group::r--,group:7:-w-,mask::rwx,other::---");
    }

    [TestCase(0, 3)] // Another version.
    [TestCase(4, 64)] // An unknown tag.
    [TestCase(6, 8)] // An unknown right.
    public void What_the_text_cannot_say_is_left_as_it_is(int at, byte value)
    {
        byte[] list = [.. List];
        list[at] = value;

        AccessList.TryToText(list, new ByteBuffer()).Should().BeFalse();
        AccessList.TryToText(List.AsSpan(0, 11), new ByteBuffer()).Should().BeFalse();
    }
}
