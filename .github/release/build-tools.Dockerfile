# What phases find on top of ubuntu:noble where nothing comes from Nix. The image has these files alone, in one layer.
FROM ubuntu:noble AS tools
COPY build-tools.sh /
RUN sh /build-tools.sh /tools

FROM scratch
COPY --from=tools /tools/ /
