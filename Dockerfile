# syntax=docker/dockerfile:1

# All programs are built in one stage and are static, so that each image holds its program, the certificates of public
# authorities and nothing else. There is no shell in them: the programs answer for their own health.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# What `weft version` tells: docker build --build-arg VERSION=v1.2.3
ARG VERSION=
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w ${VERSION:+-X main.version=$VERSION}" -o /out/ \
      ./gateway/cmd/weft \
      ./subgraphs/orders/cmd/orders \
      ./subgraphs/inventory/cmd/inventory \
      ./subgraphs/reviews/cmd/reviews \
 && mkdir /data

FROM scratch AS base
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
# Where programs that keep files may write; mount a volume there to keep them.
COPY --from=build --chown=65532:65532 /data /data
WORKDIR /data
USER 65532:65532

FROM base AS orders
COPY --from=build /out/orders /orders
EXPOSE 4001
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["/orders", "health", "--listen", "127.0.0.1:4001"]
ENTRYPOINT ["/orders"]
CMD ["--listen", "0.0.0.0:4001"]

FROM base AS inventory
COPY --from=build /out/inventory /inventory
EXPOSE 4002
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["/inventory", "health", "--listen", "127.0.0.1:4002"]
ENTRYPOINT ["/inventory"]
CMD ["--listen", "0.0.0.0:4002"]

FROM base AS reviews
COPY --from=build /out/reviews /reviews
EXPOSE 4004
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["/reviews", "health", "--listen", "127.0.0.1:4004"]
ENTRYPOINT ["/reviews"]
CMD ["--listen", "0.0.0.0:4004"]

# The last stage is what `docker build .` makes.
FROM base AS weft
COPY --from=build /out/weft /weft
EXPOSE 4000 4010
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["/weft", "health"]
ENTRYPOINT ["/weft"]
CMD ["serve", "--config", "/etc/weft/weft.yaml"]
