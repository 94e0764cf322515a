# Pullquote with its page. How to run it: docs/deploying.md.
FROM python:3.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
RUN python -m venv /opt/pullquote
# The libraries come first: they change less often than the code.
COPY requirements.lock requirements-web.lock ./
RUN /opt/pullquote/bin/pip install --no-deps --require-hashes -r requirements.lock -r requirements-web.lock
COPY pyproject.toml README.md LICENSE ui.py ./
COPY articles articles
COPY index index
COPY assistant assistant
COPY eval eval
RUN /opt/pullquote/bin/pip install --no-deps --no-build-isolation .

FROM python:3.12-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /tmp pullquote \
    && install --directory --owner=10001 --group=10001 --mode=0700 /library /accounts
COPY --from=build /opt/pullquote /opt/pullquote
# All that is written goes to /library, /accounts and /tmp, so that the rest can be read-only.
ENV PATH=/opt/pullquote/bin:$PATH \
    HOME=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PULLQUOTE_LIBRARY=/library/library
VOLUME ["/library", "/accounts"]
USER 10001
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/healthz', timeout=8)"]
ENTRYPOINT ["pullquote"]
CMD ["ui", "--host", "0.0.0.0", "--users", "/accounts/users.txt"]
