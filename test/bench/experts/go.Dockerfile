FROM docker.io/library/golang:1.23 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN --mount=type=cache,target=/root/.cache/go-build CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /parcels .

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /parcels /parcels
EXPOSE 8080
ENTRYPOINT ["/parcels"]
