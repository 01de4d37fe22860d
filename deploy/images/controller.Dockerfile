# The controller's image. The context is the published folder: one native program, for the image's platform; nothing runs while it is
# built.
#   dotnet publish Forensics.Controller -c Release -r linux-x64 -p:PublishAot=true -o DIR
#   docker build -f deploy/images/controller.Dockerfile DIR
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
FROM ${BASE_IMAGE}
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="kube-forensics-controller" \
      org.opencontainers.image.description="Runs a capture for every PodCheckpoint" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY . /app/
# By number, so that runAsNonRoot can be checked.
USER 1654:1654
ENTRYPOINT ["/app/forensics-controller"]
