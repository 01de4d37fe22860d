# The controller's image. The context is the published folder, compiled for the image's platform; nothing runs while it is
# built.
#   dotnet publish Forensics.Controller -c Release -r linux-x64 --no-self-contained -p:PublishReadyToRun=true -o DIR
#   docker build -f deploy/images/controller.Dockerfile DIR
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
FROM ${BASE_IMAGE}
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="kube-forensics-controller" \
      org.opencontainers.image.description="Runs a capture for every PodCheckpoint" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY . /app/
# Its root file system is read-only: the diagnostics socket in /tmp could not be made.
ENV DOTNET_EnableDiagnostics=0
# By number, so that runAsNonRoot can be checked.
USER 1654:1654
ENTRYPOINT ["dotnet", "/app/forensics-controller.dll"]
