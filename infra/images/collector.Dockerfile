# The OpenTelemetry collector with one file more: its own image has nothing in it that could ask whether it is well.
# For a release, put the digests that were checked behind the tags.
ARG COLLECTOR_IMAGE=otel/opentelemetry-collector:0.139.0
FROM busybox:1.37.0-musl AS busybox

FROM ${COLLECTOR_IMAGE}
COPY --from=busybox /bin/wget /bin/wget
USER 10001
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=6 CMD ["/bin/wget", "-q", "-O", "/dev/null", "http://127.0.0.1:13133/"]
CMD ["--config", "/etc/otelcol/config.yaml"]
