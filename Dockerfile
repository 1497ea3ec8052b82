# The released image: our binary and an embedded BuildKit. Nothing is downloaded when it runs.
ARG GO_IMAGE=golang:1.26-bookworm
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${GO_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# Of git describe: the context has no history to ask.
ARG VERSION=devel
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X github.com/org/npx-action/internal/cli.linked=${VERSION}" \
    -o /out/ ./cmd/npx-action github.com/moby/buildkit/cmd/buildkitd

FROM ${BASE_IMAGE}
# With igzip of isal, BuildKit unpacks layers three times as fast.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates runc isal \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/ /usr/local/bin/
# The action's post-entrypoint, which takes no arguments.
RUN printf '#!/bin/sh\nexec npx-action clean\n' >/usr/local/bin/npx-action-clean && chmod +x /usr/local/bin/npx-action-clean
# BuildKit needs a file system of its own: on the container's overlayfs it would copy every layer.
ENV NPX_BUILDER_DIR=/var/lib/npx-action
VOLUME /var/lib/npx-action
ENTRYPOINT ["/usr/local/bin/npx-action"]
