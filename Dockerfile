# scim for a trial of a minute: PostgreSQL, PostgREST and nginx in one container, as bin/quickstart
# has them on a machine.  For production see doc/production.md.
#
#	docker compose up
#	docker compose exec scim cat tmp/quickstart/env
FROM debian:bookworm-slim

COPY . /opt/scim
WORKDIR /opt/scim
RUN bin/quickstart install && rm -rf /var/lib/apt/lists/*

ENV SCIM_HTTP_ADDRESS=0.0.0.0
ENV SCIM_HTTP_PORT=8080
EXPOSE 8080
VOLUME /var/lib/scim
STOPSIGNAL SIGTERM
CMD ["bin/quickstart", "run"]
