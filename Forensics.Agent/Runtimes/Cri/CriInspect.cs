using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Forensics.Agent.Runtimes.Cri.Protos;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Forensics.Agent.Runtimes.Cri;

/// <summary>Makes of a verbose status what <c>crictl inspect</c> and <c>crictl inspectp</c> print of it.</summary>
internal static class CriInspect
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));
    private static readonly string[] Times = ["createdAt", "startedAt", "finishedAt"];

    public static InspectedContainer OfContainer(ContainerStatus status, MapField<string, string> info)
    {
        var json = Print(status, info);
        var own = CriInfo.Of(info);
        return new InspectedContainer
        {
            Id = status.Id,
            Json = json,
            Printed = json,
            Name = status.Metadata?.Name ?? "",
            Image = status.Image?.Image,
            ImageId = status.ImageRef,
            Labels = status.Labels,
            LogPath = status.LogPath,
            SharedMemory = own.SharedMemory,
            UserNamespace = own.UserNamespace,
        };
    }

    public static InspectedContainer OfSandbox(PodSandboxStatus status, MapField<string, string> info)
    {
        var json = Print(status, info);
        var own = CriInfo.Of(info);
        return new InspectedContainer
        {
            Id = status.Id,
            Json = json,
            Printed = json,
            Name = status.Metadata?.Name ?? "",
            Image = own.Image,
            SharedMemory = own.SharedMemory,
            UserNamespace = own.UserNamespace,
            Labels = status.Labels,
            IsSandbox = true,
        };
    }

    private static ReadOnlyMemory<byte> Print(IMessage status, MapField<string, string> info)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WritePropertyName("status");
            WithTimes(JsonNode.Parse(Formatter.Format(status))!.AsObject()).WriteTo(json);
            foreach (var (key, value) in info.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(key);
                if (IsJson(value)) json.WriteRawValue(value);
                else json.WriteStringValue(value);
            }

            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    /// <summary>The CRI has times as nanoseconds since 1970, crictl prints them as times.</summary>
    private static JsonObject WithTimes(JsonObject status)
    {
        foreach (var field in Times)
        {
            if (status[field] is not { } time) continue;
            var nanoseconds = long.Parse(time.GetValue<string>(), CultureInfo.InvariantCulture);
            var (second, rest) = (Math.DivRem(nanoseconds, 1_000_000_000).Quotient, nanoseconds % 1_000_000_000);
            status[field] = string.Create(
                CultureInfo.InvariantCulture, $"{DateTimeOffset.FromUnixTimeSeconds(second):yyyy-MM-dd'T'HH:mm:ss}.{rest:000000000}Z");
        }

        return status;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var parsed = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
