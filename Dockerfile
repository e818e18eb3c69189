# The program in production: web server, worker and beat are this image with different commands (docker-compose.yml).
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    ANNOTATOR_PROFILE=production \
    ANNOTATOR_DATA=/data \
    ANNOTATOR_STATIC=/srv/static

RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin annotator \
    && install --directory --owner annotator --group annotator /data

WORKDIR /srv/annotator
COPY requirements.lock .
RUN pip install --root-user-action=ignore --require-hashes --no-deps --only-binary :all: -r requirements.lock

COPY manage.py .
COPY annotator annotator
COPY frontend frontend
COPY fixtures fixtures

# The settings ask for secrets in production; the ones made here live for this one command and are kept nowhere.
RUN ANNOTATOR_HOSTS=localhost \
    ANNOTATOR_SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
    DATABASE_URL=sqlite:////tmp/unused.sqlite3 \
    python manage.py collectstatic --noinput \
    && rm -f /tmp/unused.sqlite3*

USER annotator
VOLUME /data
EXPOSE 8000

# Asks under a name that the server answers for; any answer below 500 means that it lives.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-c", "\
import http.client, os; \
server = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); \
server.request('GET', '/sign-in/', headers={'Host': os.environ['ANNOTATOR_HOSTS'].split(',')[0].strip()}); \
raise SystemExit(server.getresponse().status >= 400)"]

CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "8", "annotator.wsgi:application"]
