namespace Forensics.Local;

/// <summary>A kustomization in the state folder on top of deploy/overlays/local: the repository holds no path of a machine and
/// no key, so they come in here.</summary>
internal sealed class LocalKustomization(LocalPaths paths, ClusterDescriptor cluster, string nodePaths, string repository)
{
    /// <param name="controllerImage">The image's id: a new image under the same tag must restart the controller.</param>
    /// <returns>The folder to <c>kubectl apply -k</c>.</returns>
    public string Write(string controllerImage)
    {
        var folder = Directory.CreateDirectory(paths.StateOf("deployment")).FullName;
        var overlay = Path.GetRelativePath(folder, Path.Combine(repository, "deploy/overlays/local"));
        File.WriteAllText(Path.Combine(folder, "kustomization.yaml"), $$"""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
              - {{overlay}}
              - store.yaml
            patches:
              - target: {kind: Deployment, name: forensics-controller-manager}
                patch: |-
                  - op: add
                    path: /spec/template/spec/containers/0/args/-
                    value: --node-paths={{nodePaths}}
              - patch: |-
                  apiVersion: apps/v1
                  kind: Deployment
                  metadata:
                    name: forensics-controller-manager
                    namespace: {{LocalDeployment.ControllerNamespace}}
                  spec:
                    template:
                      metadata:
                        annotations:
                          forensics.keikoproj.io/image-id: {{controllerImage}}
            """);
        PrivateFile.Write(Path.Combine(folder, "store.yaml"), $$"""
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: forensics-agent-s3
              namespace: forensics-workers
            data:
              AWS_REGION: {{cluster.S3Region}}
              AWS_ENDPOINT_URL_S3: {{cluster.S3Endpoint.OriginalString}}
              FORENSICS_S3_FORCE_PATH_STYLE: "true"
            ---
            apiVersion: v1
            kind: Secret
            metadata:
              name: forensics-agent-s3
              namespace: forensics-workers
            stringData:
              AWS_ACCESS_KEY_ID: {{cluster.S3Keys.AccessKey}}
              AWS_SECRET_ACCESS_KEY: {{cluster.S3Keys.SecretKey}}
            """);
        return folder;
    }
}
