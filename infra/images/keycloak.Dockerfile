# Keycloak for the trial, built beforehand, so that it starts on a file system that it may not write to.
# For a release, put the digest that was checked behind the tag.
ARG KEYCLOAK_IMAGE=quay.io/keycloak/keycloak:26.3.5
FROM ${KEYCLOAK_IMAGE}
# A file of its own keeps the demo people over a restart. An organisation's own identity provider has a real database.
RUN ["/opt/keycloak/bin/kc.sh", "build", "--db=dev-file", "--health-enabled=true"]
# A volume that is mounted on the folder of data begins with this owner.
RUN ["mkdir", "-p", "/opt/keycloak/data/h2", "/opt/keycloak/data/tmp", "/opt/keycloak/data/import"]
USER 1000
# There is no client for HTTP in this image, but there is bash.
HEALTHCHECK --interval=10s --timeout=5s --start-period=180s --retries=6 \
  CMD ["bash", "-c", "{ printf 'HEAD /health/ready HTTP/1.0\\r\\n\\r\\n' >&0; grep -q 'HTTP/1.0 200'; } 0<>/dev/tcp/127.0.0.1/9000"]
CMD ["start", "--optimized", "--import-realm"]
