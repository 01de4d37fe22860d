namespace Forensics.Local;

/// <summary>Keys of the bucket's owner and of the user that may do nothing.</summary>
internal sealed record ObjectStoreKeys(string AccessKey, string SecretKey, string RestrictedAccessKey, string RestrictedSecretKey);
