"""Settings, all from the environment: `config.environment` checks it, docs/operations.md lists it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import environ

from config.api_enums import ENUM_NAMES
from config.content_policy import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY
from config.environment import read_environment
from config.mail import mail_settings
from config.schedule import beat_schedule
from config.static_files import PLOTLY_JS, is_immutable

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = read_environment(os.environ, base_dir=BASE_DIR)

DEBUG = ENVIRONMENT.debug
DEMO_MODE = ENVIRONMENT.demo
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
VAR_DIR = ENVIRONMENT.var_dir
VAR_DIR.mkdir(parents=True, exist_ok=True)

# --- Apps --------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "reports",
    "scoring",
    "quotes",
    "battlecards",
    "calls",
    "activities",
    "demo",
    "deals",
    "crm",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "template_partials",
    "heroicons",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "crm.middleware.LargestRequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.middleware.ReadableAddressMiddleware",
    "crm.middleware.TimeZoneMiddleware",
    "crm.middleware.SignInAgainMiddleware",
    "crm.middleware.RecentMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it turns a lock-out into the answer
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.context.frame",
            ],
        },
    }
]

# --- Data --------------------------------------------------------------------------------------------------------

_database_url = ENVIRONMENT.database_url or f"sqlite:///{VAR_DIR / 'quarterdeck.sqlite3'}"
DATABASES: dict[str, dict[str, Any]] = {"default": dict(environ.Env.db_url_config(_database_url))}
# Connections live on between requests on both engines; a dead one is noticed and replaced.
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Transactions take the write lock when they begin and wait for it; readers never wait. With Django's defaults, one
    # in eight read-then-write transactions of four processes failed with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = VAR_DIR / "uploads"  # files under import; never served
ATTACHMENTS_ROOT = (
    VAR_DIR / "attachments"
)  # handed out by a view that asks who may see the record, never by a web server
DOCUMENTS_ROOT = VAR_DIR / "documents"  # long documents, for a day; handed out by the product only
PAPERS_ROOT = VAR_DIR / "papers"  # reports as PDFs, for ninety days; handed out by the product only
EXPORTS_ROOT = VAR_DIR / "exports"  # lists written to files; handed out by the product only
ATTACHMENT_LARGEST = ENVIRONMENT.attachment_mb * 1024 * 1024  # bytes of one file
LARGEST_REQUEST = max(200 * 1024 * 1024, 10 * ATTACHMENT_LARGEST) + 1024 * 1024  # ten files, or a whole import

if ENVIRONMENT.redis_url:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": ENVIRONMENT.redis_url},
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- People ------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "crm.Person"
LOGIN_URL = "crm:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "crm:sign-in"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses before any password is looked at
    "crm.auth.PersonBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# One name from one address, so that nobody can lock out a colleague from elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# --- Background work ---------------------------------------------------------------------------------------------

if ENVIRONMENT.redis_url:
    CELERY_BROKER_URL = ENVIRONMENT.redis_url
    # Seconds. Nobody waits longer for a broker that is away; the job row is written, and the sweep sends it later.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"socket_connect_timeout": 2}
else:
    BROKER_DIR = VAR_DIR / "broker"
    for _folder in ("messages", "taken", "control"):
        (BROKER_DIR / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://folder"  # Kombu wants a host name; which folder is said below
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "processed_folder": str(BROKER_DIR / "taken"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,  # seconds; a task starts this late at most
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# What became of a task is in its job row (crm.Job), so Celery stores no results.
CELERY_TASK_IGNORE_RESULT = True
# Two queues with processes of their own: a person waits for the first, nobody for the second.
CELERY_TASK_DEFAULT_QUEUE = "interactive"
WORKER_QUEUES = (  # config.health wants a worker for each
    "interactive",
    "bulk",
)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = beat_schedule(WORKER_QUEUES)
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# --- E-mail ------------------------------------------------------------------------------------------------------

_mail = mail_settings(ENVIRONMENT.email_url, demo=DEMO_MODE, var_dir=VAR_DIR)
MAIL_IS_SET_UP: bool = _mail.pop("MAIL_IS_SET_UP")  # without a server messages wait in the outbox
globals().update(_mail)
DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from or "Quarterdeck <quarterdeck@localhost>"
PAPER_SIZE = ENVIRONMENT.paper_size  # of documents
SITE_URL = ENVIRONMENT.site_url  # stands before addresses in e-mails

# --- Answers -----------------------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["crm.lib.api.renderers.FastJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["crm.lib.api.parsers.BoundedJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crm.auth.BearerTokenAuthentication",  # first: its 401 says how to sign in
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["crm.lib.api.throttles.PersonThrottle"],
    "DEFAULT_THROTTLE_RATES": {"read": 12_000, "write": 3_000},  # requests a person may make in a minute
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,  # what OPTIONS would tell stands in the schema
    "EXCEPTION_HANDLER": "crm.lib.api.errors.answer",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Quarterdeck API",
    "DESCRIPTION": "Accounts, contacts, deals and how they qualify. Tokens, paging, ETags and errors: docs/api.md.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,  # what may be sent is rarely what is shown
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "crm.lib.api.schema.share_refusals",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# --- Static files ------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.static_files.PlotlyFinder",
]
PLOTLY_JS_PATH = PLOTLY_JS  # for {% static %} on pages with charts
if ENVIRONMENT.built_static:
    # Names with a hash, compressed beforehand: only in the container, where `collectstatic` ran during the build.
    STATIC_ROOT = BASE_DIR / "staticfiles"
    _static_storage = "config.static_files.BuiltStorage"
else:
    _static_storage = "django.contrib.staticfiles.storage.StaticFilesStorage"
    WHITENOISE_USE_FINDERS = True
    WHITENOISE_AUTOREFRESH = DEBUG
    WHITENOISE_MAX_AGE = 0  # seconds; names carry no hash, so browsers ask each time and hear "not modified"
    WHITENOISE_IMMUTABLE_FILE_TEST = is_immutable
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static_storage},
}

# --- Safety ------------------------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
CSRF_TRUSTED_ORIGINS = list(ENVIRONMENT.trusted_origins)
SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, over plain HTTP
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.https else 0  # one year
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENVIRONMENT.https
if ENVIRONMENT.behind_proxy:
    # Only for a proxy that sets this header itself and drops what a visitor sends under that name.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {
        # "Not ready yet" is an answer, not an error of ours.
        "no readiness": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: getattr(getattr(record, "request", None), "path", "") != "/readyz",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no readiness"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"level": "INFO", "propagate": True, "handlers": []},
        "axes": {"level": "WARNING"},
    },
}
