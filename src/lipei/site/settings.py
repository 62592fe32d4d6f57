"""Settings: everything that an installation may say, it says by LIPEI_* and DATABASE_URL."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from lipei.site.guard import DEMONSTRATION_SECRET, refuse_unsafe_start

PACKAGE = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("LIPEI_DATA", PACKAGE.parents[1] / ".data")).resolve()


def told(name: str, default: str = "") -> str:
    return os.environ.get(f"LIPEI_{name}", default)


def database(url: str) -> dict[str, object]:
    """A PostgreSQL address as Django's settings; host may be a socket folder (?host=…)."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or (parts.hostname or ""),
        "PORT": query.pop("port", "") or str(parts.port or ""),
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {
            **query,
            "pool": {"min_size": 1, "max_size": int(told("POOL", "4")), "timeout": 5},
            "server_side_binding": True,
            "prepare_threshold": 3,
            "application_name": told("ROLE", "lipei"),
        },
        "TEST": {"NAME": told("TEST_DATABASE") or None},
    }


DEMO = told("DEMO") == "1"
DEBUG = False
SECRET_KEY = told("SECRET_KEY", DEMONSTRATION_SECRET)
CALLBACK_SECRET = told("CALLBACK_SECRET", DEMONSTRATION_SECRET)
FIELD_KEY = told("FIELD_KEY", DEMONSTRATION_SECRET)
ALLOWED_HOSTS = told("HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in told("ORIGINS").split(",") if o]
refuse_unsafe_start(demo=DEMO, secrets=(SECRET_KEY, CALLBACK_SECRET, FIELD_KEY))

DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql:///lipei"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "general.Staff"
CLOCKS_OF_LAW_ROLL = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "csp",
    "procrastinate.contrib.django",
    "lipei.kit.apps.Kit",
    "lipei.ch01_general.apps.General",
    "lipei.ch02_intake.apps.Intake",
    "lipei.ch03_assessment.apps.Assessment",
    "lipei.ch04_payment.apps.Payment",
    "lipei.ch06_systems.apps.Systems",
    "lipei.ch08_risk.apps.Risk",
    "lipei.ch09_archive.apps.Archive",
    "lipei.site.apps.Site",
]
MIDDLEWARE = [
    "lipei.site.health.plain_health",
    "lipei.site.measuring.measured",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lipei.site.middleware.language",
    "lipei.site.standby.take_reports_always",
    "lipei.site.middleware.refuse_hostile_text",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lipei.site.middleware.pages_only",
    "lipei.site.middleware.answer_refusals",
]
PAGE_MIDDLEWARE = [
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
]
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
"""axes looks for its middleware in MIDDLEWARE; ours stands in PAGE_MIDDLEWARE, for pages alone."""
ROOT_URLCONF = "lipei.site.urls"
WSGI_APPLICATION = "lipei.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "lipei.site.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "lipei.site.templatetags.ui"],
        },
    }
]

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
OTP_TOTP_ISSUER = "Lipei"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "lipei.site.middleware.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_COOKIE_NAME = "lipei_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = told("HTTPS") == "1"
SESSION_COOKIE_AGE = 24 * 3600
"""Only how long what is left of a visit lies about: 6.1-b says when it ends, counted from the
sign-in (a day's work, then both factors again) and, for staff, from the last thing done."""
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "lipei.site.pages.errors.csrf"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "lipei_language"
LOCALE_PATHS = [PACKAGE / "site" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = Path(told("STATIC", str(DATA / "static")))
STATICFILES_DIRS = [PACKAGE / "site" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "lipei.site.statics.Statics"},
}
WHITENOISE_MANIFEST_STRICT = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

LIPEI_FILES = told("FILES", str(DATA / "files"))
LIPEI_FILES_S3 = told("FILES_S3")
LIPEI_ANCHORS = Path(told("ANCHORS", str(DATA / "anchors")))
LIPEI_INBOX = Path(told("INBOX", str(DATA / "inbox")))
LIPEI_BANK_URL = told("BANK_URL", "http://127.0.0.1:8100/bank")
LIPEI_CORE_URL = told("CORE_URL", "")
LIPEI_MESSAGES_URL = told("MESSAGES_URL", "http://127.0.0.1:8100/messages")
LIPEI_CALLBACK_SECRET = CALLBACK_SECRET
LIPEI_DEMO = DEMO
LIPEI_FONTS = PACKAGE / "site" / "fonts"
LIPEI_NAME_LIST = told("NAME_LIST", str(DATA / "name_list.txt"))
LIPEI_HOTLINE = told("HOTLINE", "021-60000800" if DEMO else "")
LIPEI_METRICS_TOKEN = told("METRICS_TOKEN")
LIPEI_STOPPING = told("STOPPING")
LIPEI_BACKUP_MARK = Path(told("BACKUP_MARK", str(DATA / "last_backup.json")))
LIPEI_PARTS = Path(told("PARTS", str(DATA / "parts")))
LIPEI_PRODUCTS = told("PRODUCTS")
LIPEI_PUBLIC_URL = told("PUBLIC_URL", "http://127.0.0.1:8000")

LOG = told("LOG", "WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "lipei.site.logs.JsonLine"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
    # what others write in detail holds what people typed, so it is never asked of them
    "root": {"handlers": ["out"], "level": "INFO" if LOG == "DEBUG" else LOG},
    "loggers": {"lipei": {"level": told("LOG", "INFO")}, "axes": {"level": "ERROR"}},
}
