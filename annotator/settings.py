"""Django's settings, read from the environment; nothing secret has a default.

ANNOTATOR_PROFILE says who is running: `demo` (one process on a laptop), `test`, or `production` (the default, which
refuses to start without its secrets). Without DATABASE_URL the data is in SQLite below ANNOTATOR_DATA; without REDIS_URL
Celery's tasks run on threads of the web process.
"""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
PROFILE = os.environ.get("ANNOTATOR_PROFILE", "production")
if PROFILE not in ("demo", "test", "production"):
    raise ImproperlyConfigured(f"ANNOTATOR_PROFILE is {PROFILE!r}; it may be demo, test or production.")
DATA = Path(os.environ.get("ANNOTATOR_DATA", ROOT / "data")).resolve()
PORT = os.environ.get("ANNOTATOR_PORT", "")


def kept_secret() -> str:
    """The secret key from the environment; outside production one is made once and kept, readable by its owner only."""
    if given := os.environ.get("ANNOTATOR_SECRET_KEY", ""):
        if PROFILE == "production" and len(given) < 32:
            raise ImproperlyConfigured("ANNOTATOR_SECRET_KEY is shorter than 32 characters.")
        return given
    if PROFILE == "production":
        raise ImproperlyConfigured("ANNOTATOR_SECRET_KEY is not set. Production does not start without it.")
    if PROFILE == "test":
        return secrets.token_urlsafe(48)
    DATA.mkdir(parents=True, exist_ok=True)
    path = DATA / "secret-key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def listed(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


SECRET_KEY = kept_secret()
DEBUG = False
ALLOWED_HOSTS = listed(
    "ANNOTATOR_HOSTS", "" if PROFILE == "production" else "127.0.0.1,localhost,[::1],testserver"
)
CSRF_TRUSTED_ORIGINS = listed("ANNOTATOR_ORIGINS")
if PROFILE == "production" and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ANNOTATOR_HOSTS is not set: name the hosts this server answers for.")

INSTALLED_APPS = [
    "annotator.history",
    "annotator.accounts",
    "annotator.projects",
    "annotator.jobs",
    "annotator.documents",
    "annotator.annotations",
    "annotator.assignments",
    "annotator.reports",
    "annotator.exchange",
    "annotator.api",
    "annotator.web",
    "annotator.desk",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "annotator.web.refusals.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "annotator.urls"
WSGI_APPLICATION = "annotator.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}


def database() -> dict[str, Any]:
    """PostgreSQL or another by DATABASE_URL, else SQLite in the data directory; connections are reused."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        DATA.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{DATA / 'annotator.sqlite3'}"
    settings: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=None))
    if settings["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"] = SQLITE_OPTIONS
        # Threads share nothing of an in-memory database: the tests use a file, as the program does.
        settings["TEST"] = {"NAME": os.environ.get("ANNOTATOR_TEST_SQLITE", str(DATA / "test.sqlite3"))}
    elif settings["ENGINE"].endswith("postgresql"):
        # Who may see what makes PostgreSQL expect much work and compile for half a second what then takes a tenth of one.
        settings.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
    return settings


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "")
EMBEDDED = not REDIS_URL
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "annotator.jobs.tasks.sweep", "schedule": 60.0},
    "tidy-imports": {"task": "annotator.exchange.tasks.tidy", "schedule": 86_400.0},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if PROFILE == "test"
    else ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_CALLABLE = "annotator.web.signing.locked_out"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLED = PROFILE != "test" or os.environ.get("ANNOTATOR_AXES") == "1"
CSRF_FAILURE_VIEW = "annotator.web.refusals.csrf_failure"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_NAME = f"session-{PORT}" if PORT else "session"
CSRF_COOKIE_NAME = f"csrftoken-{PORT}" if PORT else "csrftoken"
SESSION_COOKIE_SAMESITE = "Lax"
BEHIND_TLS = PROFILE == "production" and os.environ.get("ANNOTATOR_TLS", "1") != "0"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("ANNOTATOR_STATIC", DATA / "static"))
# What the pages use; beside it lie their tests and what these install.
STATICFILES_DIRS = [
    (folder.name, folder)
    for folder in sorted((ROOT / "frontend").iterdir())
    if folder.is_dir() and folder.name not in ("node_modules", "pictures", "tests")
]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = PROFILE != "production"
WHITENOISE_AUTOREFRESH = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"/pages\.[0-9a-f]{12}/|\.[0-9a-f]{12}\.\w+$"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "files"},
    },
    "staticfiles": {
        "BACKEND": {
            "production": "annotator.web.storage.PageFiles",
            "demo": "annotator.web.storage.OwnPageFiles",
            "test": "django.contrib.staticfiles.storage.StaticFilesStorage",
        }[PROFILE]
    },
}
FILES = DATA / "files"
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
JSON_BODY_LIMIT = 8 * 1024 * 1024
UPLOAD_LIMIT = 1024 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = JSON_BODY_LIMIT

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "annotator.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["annotator.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["annotator.api.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "annotator.api.reference.Reference",
    "EXCEPTION_HANDLER": "annotator.api.refusals.answer",
    "DEFAULT_PAGINATION_CLASS": "annotator.api.paging.Pages",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": [
        "rest_framework.renderers.MultiPartRenderer",
        "rest_framework.renderers.JSONRenderer",
    ],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Annotator API",
    "VERSION": "1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "OAS_VERSION": "3.1.0",
    "ENUM_NAME_OVERRIDES": {
        "JobStateEnum": "annotator.jobs.models.Job.State",
        "SetStateEnum": "annotator.annotations.models.AnnotationSet.State",
        "SetKindEnum": "annotator.annotations.models.AnnotationSet.Kind",
        "LabelKindEnum": "annotator.projects.models.Label.Kind",
    },
}
DRF_STANDARDIZED_ERRORS = {"ENABLE_IN_DEBUG_FOR_UNHANDLED_EXCEPTIONS": True}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("ANNOTATOR_LOG", "WARNING")},
}
