# One API as a server in a container. See docs/deploy.md.
#
#     docker build --build-arg API=freshservice -t freshservice-mcp .
FROM node:22-slim AS build
ARG API=freshservice
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run -s bundle
RUN node dist/cli.js pack "$API" --only mjs --out packed && mv "packed/$API.mjs" packed/server.mjs

FROM node:22-slim
RUN install -d -m 0700 -o 10001 -g 10001 /var/lib/toolwright
WORKDIR /app
COPY --from=build /build/packed/server.mjs /app/server.mjs
ENV NODE_ENV=production TOOLWRIGHT_STATE_DIR=/var/lib/toolwright
USER 10001:10001
VOLUME /var/lib/toolwright
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8000/livez').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/server.mjs"]
CMD ["--http", "8000", "--host", "0.0.0.0", "--log"]
