namespace Forensics.Agent.Commands;

/// <summary>This program's own environment; options of the same meaning go before them. Region, endpoint and credentials come by
/// the AWS SDK's variables, the pod's identity by <see cref="Api.AgentContract"/>'s.</summary>
internal static class AgentVariables
{
    public const string ForcePathStyle = "FORENSICS_S3_FORCE_PATH_STYLE";
    public const string Acl = "FORENSICS_S3_ACL";
    public const string PartSize = "FORENSICS_S3_PART_SIZE_MIB";
    public const string Concurrency = "FORENSICS_S3_CONCURRENCY";
    public const string StallSeconds = "FORENSICS_STALL_SECONDS";
}
