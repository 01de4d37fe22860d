# The agent's image. The context is the published folder: one native program, for the image's platform; nothing runs while it is
# built. No shell, and no client of the cluster.
#   dotnet publish Forensics.Agent -c Release -r linux-x64 -p:PublishAot=true -o DIR
#   docker build -f deploy/images/agent.Dockerfile DIR
ARG BASE_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
FROM ${BASE_IMAGE}
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="kube-forensics-agent" \
      org.opencontainers.image.description="Captures the containers of one pod and streams them to S3" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY . /app/
# Root, since the container runtime's socket and the logs are root's. The pod drops every capability but DAC_READ_SEARCH and SYS_ADMIN.
USER 0:0
ENTRYPOINT ["/app/forensics-agent"]
