using Forensics.Api;

namespace Forensics.Controller.Informers.Decoding;

/// <summary>Reads a PodCheckpoint. The reader stands on its opening brace, and is left on its closing one. The API server holds
/// them to the CRD, but it may be another version's CRD: what does not fit is as if it were not there.</summary>
internal static class PodCheckpointReader
{
    public static PodCheckpoint Read(ref WireReader reader, SharedStrings shared)
    {
        ResourceMeta? meta = null;
        PodCheckpointSpec? spec = null;
        PodCheckpointStatus? status = null;

        while (reader.NextProperty())
        {
            if (reader.Is("metadata"u8)) meta = Meta(ref reader, shared);
            else if (reader.Is("spec"u8)) spec = Spec(ref reader, shared);
            else if (reader.Is("status"u8)) status = PodCheckpointStatusReader.Read(ref reader, shared);
            else reader.Skip();
        }

        return new PodCheckpoint { Metadata = meta ?? new ResourceMeta(), Spec = spec ?? new PodCheckpointSpec(), Status = status };
    }

    private static ResourceMeta? Meta(ref WireReader reader, SharedStrings shared)
    {
        string? ns = null, name = null, uid = null, version = null;
        long? generation = null;
        DateTimeOffset? created = null, deleted = null;

        if (!reader.EnterObject()) return null;
        while (reader.NextProperty())
        {
            if (reader.Is("namespace"u8)) ns = reader.Text(shared);
            else if (reader.Is("name"u8)) name = reader.Text();
            else if (reader.Is("uid"u8)) uid = reader.Text();
            else if (reader.Is("resourceVersion"u8)) version = reader.Text();
            else if (reader.Is("generation"u8)) generation = reader.Integer();
            else if (reader.Is("creationTimestamp"u8)) created = reader.Time();
            else if (reader.Is("deletionTimestamp"u8)) deleted = reader.Time();
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

    private static PodCheckpointSpec? Spec(ref WireReader reader, SharedStrings shared)
    {
        string? destination = null, subpath = null, pod = null, ns = null;
        long? deadline = null;
        int? timeToLive = null;
        ExportSpec? export = null;
        IReadOnlyList<string>? volumes = null;
        if (!reader.EnterObject()) return null;
        while (reader.NextProperty())
        {
            if (reader.Is("destination"u8)) destination = reader.Text(shared);
            else if (reader.Is("subpath"u8)) subpath = reader.Text(shared);
            else if (reader.Is("pod"u8)) pod = reader.Text();
            else if (reader.Is("namespace"u8)) ns = reader.Text(shared);
            else if (reader.Is("activeDeadlineSeconds"u8)) deadline = reader.Integer();
            else if (reader.Is("ttlSecondsAfterFinished"u8)) timeToLive = reader.SmallInteger();
            else if (reader.Is("export"u8)) export = Export(ref reader, shared);
            else if (reader.Is("volumes"u8)) volumes = reader.Texts(shared);
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

    private static ExportSpec? Export(ref WireReader reader, SharedStrings shared)
    {
        string? method = null, compression = null;
        if (!reader.EnterObject()) return null;
        while (reader.NextProperty())
        {
            if (reader.Is("method"u8)) method = reader.Text(shared);
            else if (reader.Is("compression"u8)) compression = reader.Text(shared);
            else reader.Skip();
        }

        return new ExportSpec { Method = method, Compression = compression };
    }
}
