using System.Text.Json;
using Forensics.Api;
using static Forensics.Controller.Informers.Decoding.JsonValues;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Reads a PodCheckpoint. The reader stands on its opening brace, and is left on its closing one. The API server holds
/// them to the CRD, but it may be another version's CRD: what does not fit is as if it were not there.</summary>
internal static class PodCheckpointReader
{
    public static PodCheckpoint Read(ref Utf8JsonReader reader, SharedStrings shared)
    {
        ResourceMeta? meta = null;
        PodCheckpointSpec? spec = null;
        PodCheckpointStatus? status = null;

        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8)) meta = Meta(ref reader, shared);
            else if (reader.ValueTextEquals("spec"u8)) spec = Spec(ref reader, shared);
            else if (reader.ValueTextEquals("status"u8)) status = PodCheckpointStatusReader.Read(ref reader, shared);
            else reader.Skip();
        }

        return new PodCheckpoint { Metadata = meta ?? new ResourceMeta(), Spec = spec ?? new PodCheckpointSpec(), Status = status };
    }

    private static ResourceMeta? Meta(ref Utf8JsonReader reader, SharedStrings shared)
    {
        string? ns = null, name = null, uid = null, version = null;
        long? generation = null;
        DateTimeOffset? created = null, deleted = null;

        if (!EnterObject(ref reader)) return null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("namespace"u8)) ns = Text(ref reader, shared);
            else if (reader.ValueTextEquals("name"u8)) name = Text(ref reader);
            else if (reader.ValueTextEquals("uid"u8)) uid = Text(ref reader);
            else if (reader.ValueTextEquals("resourceVersion"u8)) version = Text(ref reader);
            else if (reader.ValueTextEquals("generation"u8)) generation = Integer(ref reader);
            else if (reader.ValueTextEquals("creationTimestamp"u8)) created = Time(ref reader);
            else if (reader.ValueTextEquals("deletionTimestamp"u8)) deleted = Time(ref reader);
            else reader.Skip();
        }

        return new ResourceMeta
        {
            Namespace = ns ?? "",
            Name = name ?? "",
            Uid = uid ?? "",
            ResourceVersion = version,
            Generation = generation,
            CreationTimestamp = created,
            DeletionTimestamp = deleted,
        };
    }

    private static PodCheckpointSpec? Spec(ref Utf8JsonReader reader, SharedStrings shared)
    {
        string? destination = null, subpath = null, pod = null, ns = null;
        long? deadline = null;
        int? timeToLive = null;
        ExportSpec? export = null;
        IReadOnlyList<string>? volumes = null;
        if (!EnterObject(ref reader)) return null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("destination"u8)) destination = Text(ref reader, shared);
            else if (reader.ValueTextEquals("subpath"u8)) subpath = Text(ref reader, shared);
            else if (reader.ValueTextEquals("pod"u8)) pod = Text(ref reader);
            else if (reader.ValueTextEquals("namespace"u8)) ns = Text(ref reader, shared);
            else if (reader.ValueTextEquals("activeDeadlineSeconds"u8)) deadline = Integer(ref reader);
            else if (reader.ValueTextEquals("ttlSecondsAfterFinished"u8)) timeToLive = SmallInteger(ref reader);
            else if (reader.ValueTextEquals("export"u8)) export = Export(ref reader, shared);
            else if (reader.ValueTextEquals("volumes"u8)) volumes = Texts(ref reader, shared);
            else reader.Skip();
        }

        return new PodCheckpointSpec
        {
            Destination = destination ?? "",
            Subpath = subpath,
            Pod = pod ?? "",
            Namespace = ns,
            Export = export,
            Volumes = volumes,
            ActiveDeadlineSeconds = deadline,
            TtlSecondsAfterFinished = timeToLive,
        };
    }

    private static ExportSpec? Export(ref Utf8JsonReader reader, SharedStrings shared)
    {
        string? method = null, compression = null;
        if (!EnterObject(ref reader)) return null;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("method"u8)) method = Text(ref reader, shared);
            else if (reader.ValueTextEquals("compression"u8)) compression = Text(ref reader, shared);
            else reader.Skip();
        }

        return new ExportSpec { Method = method, Compression = compression };
    }
}
