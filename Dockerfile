# `docker build -t billboard .` makes the image; docs/deploy.md says how it is run.

# The whole name, since buildah and podman know no short ones.
FROM docker.io/library/node:24-trixie-slim AS compile
WORKDIR /checkout
COPY package.json package-lock.json .npmrc ./
# For a registry of one's own: docker build --secret id=npmrc,src="$HOME/.npmrc" .
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,target=/root/.npm \
    npm ci --loglevel=error
COPY . .
RUN npm run --silent compile && node tools/stage/stage.mjs /opt/billboard
WORKDIR /opt/billboard
# What packages bring for their own developers is more than a third of their size. `npm sbom --omit=dev` leaves out what
# development needs too, such as pino.
RUN find node_modules -depth \( -type d \( -name test -o -name docs -o -name misc -o -name benchmarks \) \
      -o -name '*.map' -o -name '*.d.ts' \) -exec rm -r {} + \
    && npm pkg delete devDependencies \
    && npm sbom --sbom-format=cyclonedx --sbom-type=application >/tmp/sbom.cdx.json \
    && mv /tmp/sbom.cdx.json .

FROM docker.io/library/node:24-trixie-slim
# A new volume takes over whose the folder is, below which it is mounted.
RUN install -d -o node -g node /var/lib/billboard /var/lib/billboard-record /run/billboard \
    && ln -s /opt/billboard/dist/bin/billboard.js /usr/local/bin/billboard
COPY --from=compile /opt/billboard /opt/billboard
ENV NODE_ENV=production \
    INDEX_FILE=/var/lib/billboard/index.bin \
    HEALTH_PORT=8082
# A number tells Kubernetes that it is not root.
USER 1000:1000
EXPOSE 8080 8082
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["node", "-e", "require('http').get('http://127.0.0.1:' + process.env.HEALTH_PORT + '/healthz', (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
# Without a shell or npm between, the server itself gets the signals.
ENTRYPOINT ["node", "/opt/billboard/dist/bin/billboard.js"]
CMD ["serve"]
# Last, since they change with every commit.
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Billboard" \
      org.opencontainers.image.description="Shows each visitor one of a campaign's best earning banners" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="docker.io/library/node:24-trixie-slim"
