# One image for web, workers and beat; docker-compose.yml gives each its command.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY scripts/uv.txt requirements.txt ./
# uv is checked against its sums by pip, everything else against the lock by uv.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r uv.txt \
    && /opt/venv/bin/uv pip install --no-cache --compile-bytecode --python /opt/venv/bin/python --require-hashes -r requirements.txt
COPY . .
# The settings of the build alone: an embedded instance in a folder that is thrown away.
RUN QUARTERDECK_EMBEDDED=1 BUILT_STATIC=1 VAR_DIR=/tmp/build /opt/venv/bin/python manage.py collectstatic --noinput \
    && rm -rf /tmp/build

FROM python:3.11-slim-bookworm
# Pango draws PDFs; it brings one font for letters that Inter lacks (docs/operations.md says how to add others).
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin quarterdeck
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
# Files under import lie here; every process must see the same folder. The rest of the image is read-only to it.
RUN mkdir /app/var && chown quarterdeck /app/var
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 QUARTERDECK_EMBEDDED=0 BUILT_STATIC=1
USER quarterdeck
VOLUME /app/var
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-m", "scripts.healthcheck"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--preload", "--no-control-socket", "--worker-tmp-dir", "/tmp"]
