# Builds the image of one service: docker build --build-arg SERVICE=cartservice .
#
# All images share the layer of dependencies. Above it each has one small layer with its own code, so a change to one
# service rebuilds one layer of one image.

ARG BUILD_IMAGE=docker.io/library/node:24-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d
# Distroless: Node and its libraries, without a shell or a package manager, and not as root.
ARG BASE_IMAGE=gcr.io/distroless/nodejs24-debian12:nonroot@sha256:14d42e2511532589a7c7e01a753667a74fcc96266e137e8125006b87b0c32d0a

# Production dependencies, and the compiler and the types of pg, which are optional dependencies. Node's types are there too: a
# production dependency needs them.
FROM ${BUILD_IMAGE} AS compiler
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    npm ci --omit=dev --no-audit --no-fund --loglevel=error

# The runtime dependencies: without the compiler, the decoder that LMDB does not need for text, source maps, type declarations,
# and the sources and other binaries of LMDB.
FROM compiler AS dependencies
RUN rm -r node_modules/typescript node_modules/@typescript node_modules/@types/pg \
        node_modules/msgpackr-extract node_modules/@msgpackr-extract node_modules/lmdb/src node_modules/lmdb/dependencies \
    && find node_modules -type f \( -name '*.map' -o -name '*.ts' -o -name '*.mts' -o -name '*.cts' \) -delete \
    && find node_modules/@lmdb -type f \( -name 'node.abi*.node' -o -name '*.musl.node' \) -delete \
    && mkdir /data

# The code that all services share, compiled once for all of them. The build fails on a type error.
FROM compiler AS shared
COPY tsconfig.json tsconfig.build.json ./
COPY src/*.ts src/
COPY src/genproto src/genproto
COPY src/domain src/domain
COPY src/lib src/lib
RUN node_modules/.bin/tsc --project tsconfig.build.json --noCheck false --types node --outDir out/dist --incremental

# The service: --incremental checks and compiles only its own files.
FROM shared AS code
COPY protos out/protos
ARG SERVICE
COPY src/${SERVICE} src/${SERVICE}
RUN node_modules/.bin/tsc --project tsconfig.build.json --noCheck false --types node --outDir out/dist --incremental \
    && rm out/*.tsbuildinfo \
    && echo "require('./${SERVICE}/main.js');" > out/dist/main.js \
    && cp package.json out/ \
    && if [ -d "src/${SERVICE}/static" ]; then mkdir -p "out/src/${SERVICE}" && cp -r "src/${SERVICE}/static" "out/src/${SERVICE}/"; fi

FROM ${BASE_IMAGE}
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
# A volume that is mounted here for the first time gets this owner.
COPY --from=dependencies --chown=65532:65532 /data /data
COPY --from=code /app/out ./
ARG SERVICE
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="mercato-${SERVICE}" \
    org.opencontainers.image.description="${SERVICE} of Mercato, an online shop in small services over gRPC" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.revision="${REVISION}"
# The old generation may take half of the container's memory limit; the young generation is small, because requests are.
ENV NODE_ENV=production \
    DATA_DIR=/data \
    NODE_OPTIONS="--max-old-space-size-percentage=50 --max-semi-space-size=2"
# The user of the base image by number, so that Kubernetes can verify runAsNonRoot.
USER 65532:65532
# Node is process 1 and receives the signals.
CMD ["dist/main.js"]
