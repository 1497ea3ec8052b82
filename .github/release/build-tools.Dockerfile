# What phases find on top of ubuntu:noble where nothing comes from Nix. An image has these files alone.
FROM ubuntu:noble AS tools
COPY build-tools.sh /
RUN sh /build-tools.sh tools /tools

FROM ubuntu:noble AS compilers
COPY build-tools.sh /
RUN sh /build-tools.sh compilers /tools

FROM scratch AS build-tools
COPY --from=tools /tools/ /

# The first layer is that of the other image.
FROM build-tools AS build-tools-compilers
COPY --from=compilers /tools/ /
