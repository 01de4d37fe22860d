using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CsCheck;
using Forensics.Api;
using Forensics.Controller.Informers.Decoding;

namespace Forensics.Tests.Controller.Informers.Decoding;

/// <summary>Our reading of PodCheckpoints, held against the contract's own JSON.</summary>
internal sealed class PodCheckpointReaderTests
{
    // Not the generated code, which leaves nulls where the types have defaults.
    private static readonly JsonSerializerOptions ByReflection = new(ApiJson.Compact.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    [Test]
    public void Every_field_of_the_contract_is_read()
    {
        var json = JsonSerializer.Serialize((PodCheckpoint)Filled(typeof(PodCheckpoint)), ApiJson.Compact.PodCheckpoint);

        Written(Read(json)).Should().Be(json);
    }

    [Test]
    public void A_field_that_is_left_out_is_what_the_contract_says() => Gen.Int.Sample(seed =>
    {
        var random = new Random(seed);
        var json = Without(JsonNode.Parse(Written((PodCheckpoint)Filled(typeof(PodCheckpoint))))!, random).ToJsonString();

        Written(Read(json)).Should().Be(Written(JsonSerializer.Deserialize<PodCheckpoint>(json, ByReflection)!));
    });

    [Test]
    public void Whatever_stands_in_the_place_of_a_value_the_object_is_read_and_can_be_written_again() => Gen.Int.Sample(seed =>
    {
        var odd = OddJson.InPlaceOfAValue(JsonNode.Parse(Written((PodCheckpoint)Filled(typeof(PodCheckpoint))))!, seed);

        var again = Written(Read(odd.ToJsonString()));
        Written(Read(OddJson.Shuffled(odd, seed).ToJsonString())).Should().Be(again);
    });

    [Test]
    public void A_phase_or_state_that_only_a_later_version_knows_is_none()
    {
        var read = Read("""{"status":{"phase":"Sealed","containers":[{"state":"3","kind":"Virtual"}]}}""");

        read.Status!.Phase.Should().Be(Phase.Pending);
        read.Status.Containers.Should().Equal(new ContainerStatus { State = CaptureState.Pending, Kind = ContainerKind.Regular });
    }

    [Test]
    public void Texts_that_come_again_are_held_once()
    {
        var status = Read("""{"status":{"message":"All is \"stored\".","conditions":[{"message":"All is \"stored\"."},{"message":"All is \u0022stored\u0022."}]}}""").Status!;

        status.Conditions.Should().HaveCount(2).And.AllSatisfy(condition => condition.Message.Should().BeSameAs(status.Message));
    }

    private static PodCheckpoint Read(string json)
    {
        var reader = new WireReader(Encoding.UTF8.GetBytes($$"""{"object":{{json}},"next":1}"""));
        reader.NextProperty();
        reader.EnterObject();
        var read = PodCheckpointReader.Read(ref reader, new SharedStrings());
        (reader.NextProperty() && reader.Is("next")).Should().BeTrue("it is read to its end and no further");
        return read;
    }

    private static string Written(PodCheckpoint checkpoint) => JsonSerializer.Serialize(checkpoint, ApiJson.Compact.PodCheckpoint);

    private static JsonNode Without(JsonNode node, Random random)
    {
        if (node is JsonArray array) foreach (var item in array) Without(item!, random);
        if (node is not JsonObject o) return node;
        foreach (var (name, value) in o.ToList())
        {
            if (random.Next(3) == 0) o.Remove(name);
            else if (value is not null) Without(value, random);
        }

        return node;
    }

    // By reflection, so that a field that is added to the contract is asked for here.
    private static object Filled(Type type)
    {
        var made = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
            property.SetValue(made, ValueFor(property));
        return made;
    }

    private static object ValueFor(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (property.Name is "ApiVersion" or "Kind" && type == typeof(string)) return property.GetValue(Activator.CreateInstance(property.DeclaringType!))!;
        if (type == typeof(string)) return $"a {property.Name}";
        if (type == typeof(int)) return property.Name.Length;
        if (type == typeof(long)) return property.Name.Length * 10_000_000_000L;
        if (type == typeof(DateTimeOffset)) return DateTimeOffset.UnixEpoch.AddDays(property.Name.Length);
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().Last();
        if (!type.IsGenericType) return Filled(type);

        if (type.GetGenericArguments()[0] == typeof(string)) return new[] { $"a {property.Name}", $"another {property.Name}" };

        var items = Array.CreateInstance(type.GetGenericArguments()[0], 2);
        for (var i = 0; i < items.Length; i++) items.SetValue(Filled(type.GetGenericArguments()[0]), i);
        return items;
    }
}
