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
# gRPC's traces are pages of HTML, whose templates would keep every method of every type in the program.
RUN CGO_ENABLED=0 go build -trimpath -tags grpcnotrace -ldflags "-s -w -X github.com/org/npx-action/internal/cli.linked=${VERSION}" \
    -o /out/ ./cmd/npx-action

# A module of its own: a changed line of the program compiles no BuildKit.
FROM ${GO_IMAGE} AS buildkitd
WORKDIR /src
COPY internal/buildkitd/go.mod internal/buildkitd/go.sum ./
RUN go mod download \
 && CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /out/ github.com/moby/buildkit/cmd/buildkitd

# runc filters system calls as BuildKit asks, which needs libseccomp. It is linked statically, so that it needs nothing of the final image.
FROM ${GO_IMAGE} AS runc
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libseccomp-dev pkg-config
WORKDIR /src
COPY .github/release/runc/go.mod .github/release/runc/go.sum ./
RUN go mod download \
 && CGO_ENABLED=1 go build -trimpath -tags "seccomp netgo osusergo" -ldflags "-s -w -extldflags -static" -o /out/runc github.com/opencontainers/runc

FROM ${BASE_IMAGE}
# With igzip of isal, BuildKit unpacks layers three times as fast. Of the network's programs, steps need three.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates isal iptables containernetworking-plugins \
 && find /usr/lib/cni -type f ! -name bridge ! -name host-local ! -name loopback -delete \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/ /usr/local/bin/
COPY --from=buildkitd /out/ /usr/local/bin/
COPY --from=runc /out/runc /usr/local/bin/
# The action's post-entrypoint, which takes no arguments.
RUN printf '#!/bin/sh\nexec npx-action clean\n' >/usr/local/bin/npx-action-clean && chmod +x /usr/local/bin/npx-action-clean
# BuildKit needs a file system of its own: on the container's overlayfs it would copy every layer.
ENV NPX_BUILDER_DIR=/var/lib/npx-action
VOLUME /var/lib/npx-action
ENTRYPOINT ["/usr/local/bin/npx-action"]
