namespace Forensics.Local;

/// <summary>Writes kubeconfig files that hold all they need, so that they can be copied.</summary>
internal static class Kubeconfig
{
    public static void Write(string path, CertificateAuthority authority, string certificateName)
    {
        PrivateFile.Write(path, $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: local
              cluster:
                server: https://{LoopbackNetwork.Address}
                certificate-authority-data: {Data(authority.CertificateFile)}
            users:
            - name: {certificateName}
              user:
                client-certificate-data: {Data(authority.CertificateOf(certificateName))}
                client-key-data: {Data(authority.KeyOf(certificateName))}
            contexts:
            - name: local
              context:
                cluster: local
                user: {certificateName}
            current-context: local

            """);
    }

    private static string Data(string file) => Convert.ToBase64String(File.ReadAllBytes(file));
}
