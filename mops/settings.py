"""Every setting of MOps, once, from the environment; docs/settings.md describes each variable."""

from pathlib import Path

import dj_database_url
import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from mops import env

# --- where we are -------------------------------------------------------------------------------
BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env.text("MOPS_VAR", str(BASE_DIR / "var")))
VAR.mkdir(parents=True, exist_ok=True)
DEBUG = env.flag("DEBUG")
EMBEDDED = env.flag("MOPS_EMBEDDED")  # set by `manage.py demo`: one process, loopback only
BASE_URL = env.text("BASE_URL", "http://localhost:8000").rstrip("/")

# --- secrets and hosts --------------------------------------------------------------------------
LOCAL_KEY = "local-only-not-a-secret-" + "x" * 40
SECRET_KEY = env.secret("SECRET_KEY", LOCAL_KEY if DEBUG or EMBEDDED else "")
if not SECRET_KEY:
    raise env.MissingSetting("Set SECRET_KEY (50 random characters) or DEBUG=1 for development.")
CREDENTIALS_KEYS = [
    key.strip()
    for key in env.secret("CREDENTIALS_KEY", LOCAL_KEY if DEBUG or EMBEDDED else "").split(",")
    if key.strip()
]
WEB_LOOPBACK = env.flag("WEB_LOOPBACK")  # tests alone: ask servers of this machine, by http
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []
HTTPS = BASE_URL.startswith("https://")

# --- apps, in the order of the line, highest last ----------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "servestatic.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "csp",
    "lucide",
    "workspaces",
    "metrics",
    "connectors",
    "goals",
    "tasks",
    "reports",
    "mops",
]
MIGRATION_MODULES = {"knox": None}  # its only table is of the model that ours replaces
MIDDLEWARE = [
    "mops.health.Probes",
    "workspaces.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "workspaces.middleware.InWorkspace",
]
ROOT_URLCONF = "mops.urls"
ASGI_APPLICATION = "mops.asgi.application"
WSGI_APPLICATION = "mops.wsgi.application"
FORM_RENDERER = "django.forms.renderers.Jinja2"  # a list of 500 time zones takes half the time
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "mops.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "mops.templatetags.ui",
                "mops.templatetags.metric_ui",
            ],
        },
    },
]

# --- data ---------------------------------------------------------------------------------------
DATABASE_URL = env.secret("DATABASE_URL", f"sqlite:///{VAR / 'mops.sqlite3'}")
DATABASES = {
    "default": dj_database_url.parse(DATABASE_URL, conn_max_age=env.number("CONN_MAX_AGE", 0))
}
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = VAR / "files"  # raw import files and attachments; never served by URL
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000  # the mapping of a wide file has nine for each column
MAX_IMPORT_BYTES = env.number("MAX_IMPORT_MB", 100) * 1024 * 1024
MAX_ATTACHMENT_BYTES = env.number("MAX_ATTACHMENT_MB", 25) * 1024 * 1024
MAX_FILES_BYTES = env.number("MAX_FILES_MB", 5120) * 1024 * 1024  # of one workspace
MAX_OBSERVATIONS_BYTES = env.number("MAX_OBSERVATIONS_MB", 32) * 1024 * 1024

# --- Redis: broker, cache, limits ---------------------------------------------------------------
REDIS_URL = env.secret("REDIS_URL")
REDIS_PATIENCE = {"socket_timeout": 2, "socket_connect_timeout": 2}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": REDIS_PATIENCE,
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "drawn": {  # what a process has drawn of lists and boards; a new one starts with nothing
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "drawn",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 48},
    },
}

# --- live streams: an ASGI server streams anyway; this says that one stands beside a WSGI server --
STREAMS = env.flag("STREAMS")

# --- Celery: a message is a hint, the rows are the truth ---------------------------------------
CELERY_BROKER_URL = (
    f"redis+socket://{REDIS_URL.removeprefix('unix://')}"
    if REDIS_URL.startswith("unix://")
    else REDIS_URL or "memory://"
)
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 600,
        "unacked_restore_throttle": 1,
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
    }
    if REDIS_URL
    else {"polling_interval": 0.05}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # wait for the broker as long as it takes
CELERY_BEAT_ENABLE_REMOTE_CONTROL = True  # so that a health check can ask it
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")

# --- people -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "workspaces.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "mops.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 0)
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
SESSION_COOKIE_NAME = "__Host-mops" if HTTPS else "mops"
CSRF_COOKIE_NAME = "__Host-mopscsrf" if HTTPS else "mopscsrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "mops.errors.csrf_failed"

# --- mail ---------------------------------------------------------------------------------------
EMAIL_URL = env.secret("EMAIL_URL")  # smtp://user:password@host:port
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if EMAIL_URL
    else "django.core.mail.backends.console.EmailBackend"
)
if EMAIL_URL:
    _mail = dj_database_url.urlparse.urlsplit(EMAIL_URL)
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.username or "", _mail.password or ""
    EMAIL_USE_TLS = _mail.scheme == "smtps"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "MOps <mops@localhost>")

# --- the browser's safety -----------------------------------------------------------------------
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
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS and env.flag("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.number("TRUSTED_PROXIES", 0) else None
)
X_FRAME_OPTIONS = "DENY"

# --- languages ----------------------------------------------------------------------------------
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fa", _("Persian"))]
LOCALE_PATHS = [BASE_DIR / "mops" / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- static files -------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("MOPS_STATIC_ROOT", str(VAR / "static")))
STATICFILES_DIRS = [d for d in [BASE_DIR / "build" / "assets"] if d.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.text(
            "MOPS_STATIC_STORAGE", "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        )
    },
}

# --- REST ---------------------------------------------------------------------------------------
KNOX_TOKEN_MODEL = "workspaces.ApiToken"  # noqa: S105  a model's name
REST_KNOX = {
    "TOKEN_PREFIX": "mops_",
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_TTL": None,
    "AUTH_TOKEN_CHARACTER_LENGTH": 64,
}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],  # workspaces.rest.SignedInView names them
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["workspaces.rendering.FastJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["workspaces.parsers.ExactJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "mops.schema.Schema",
    "EXCEPTION_HANDLER": "workspaces.rest.problem",
    "DEFAULT_THROTTLE_CLASSES": [],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": env.number("TRUSTED_PROXIES", 0),
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "MOps",
    "DESCRIPTION": "Plan, measure and report marketing operations.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "UnitEnum": "metrics.models.definitions.UNIT_CHOICES",
        "KindEnum": "metrics.models.definitions.KIND_CHOICES",
        "FoundKindEnum": "mops.search.results.WORDS",
        "FreshnessEnum": ["fresh", "late", "stale"],
        "ClockStateEnum": ["running", "at_risk", "paused", "late", "kept", "broken"],
        "LevelEnum": ["low", "medium", "high"],
        "StarterStateEnum": ["here", "clash", "new"],
        "SideEnum": ["provider", "receiver"],
        "GuardrailSideEnum": "goals.models.guardrails.SIDE_CHOICES",
        "RoleEnum": ["viewer", "editor", "manager", "owner"],
        "HelpingRoleEnum": ["responsible", "consulted", "informed"],
        "GoalStatusEnum": "goals.models.goals.STATUS_CHOICES",
        "GuardrailStatusEnum": ["holds", "broken", "unknown"],
        "ReviewOutcomeEnum": ["waiting", "seen", "skipped"],
        "LookEnum": ["seen", "skipped"],
        "CycleStateEnum": ["planned", "running", "closed"],
        "CycleOutcomeEnum": ["open", "done", "carried", "left", "removed"],
        "FlowStageEnum": ["to_do", "work", "done"],
        "FieldKindEnum": ["text", "number", "day", "choice", "yes_no", "person", "link"],
        "SeriesKindEnum": [
            "daily",
            "weekly",
            "monthly_day",
            "monthly_weekday",
            "yearly",
            "after_done",
        ],
        "SeriesStateEnum": ["running", "paused", "stopped", "ended"],
        "SeenStateEnum": ["made", "skipped", "missed"],
        "ApprovalVerdictEnum": ["approved", "changes"],
        "ApprovalStateEnum": ["waiting", "approved", "changes", "withdrawn"],
        "AudienceEnum": ["members", "public"],
        "RequestStageEnum": ["received", "in_work", "done", "closed"],
        "QuestionKindEnum": [
            "short",
            "long",
            "email",
            "choice",
            "several",
            "date",
            "number",
            "link",
        ],
        "SourceStageEnum": "metrics.models.definitions.STAGE_CHOICES",
    },
}

# --- logs ---------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.dev.ConsoleRenderer(colors=False)
            if DEBUG or EMBEDDED
            else structlog.processors.JSONRenderer(),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.processors.format_exc_info,
            ],
        },
    },
    "filters": {  # a refusal is no fault of the program's: where it was raised says nothing
        "refusals_in_a_line": {"()": "mops.logs.RefusalsInALine"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["refusals_in_a_line"],
        },
    },
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "WARNING")},
    "loggers": {  # they write addresses and headers down, in which credentials may stand
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
    },
}
