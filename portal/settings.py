"""What Django and the libraries are told. What an installation may set is declared in `portal.installation`."""

import os
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from portal.installation import *

# -- The installation ------------------------------------------------------------------------------------------
IS_HTTPS = SITE_URL.startswith("https://")
SECRET_KEY_IS_SHARED = bool(os.environ.get("SECRET_KEY"))
ALLOWED_HOSTS = [
    str(urlsplit(SITE_URL).hostname),
    *(FURTHER_HOSTS or ["localhost", "127.0.0.1", "[::1]"]),
]

# -- Applications ----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal",
    "portal.core.pages",
    "portal.core.accounts",
    "portal.core.audit",
    "portal.core.jobs",
    "portal.core.files",
    "portal.core.mail",
    "portal.core.entrance",
    "portal.core.workdays",
    "portal.core.editions",
    "portal.core.index",
    "portal.core.schedule",
    "portal.core.checkpoints",
    "catalog.campaigns",
    "catalog.regions",
    "catalog.enterprises",
    "catalog.products",
    "catalog.publication",
    "catalog.imports",
    "events.reports",
    "events.commitments",
    "events.activities",
    "events.notices",
    "events.enquiries",
    "events.online",
    "portal.applications.privacy",
    "portal.applications.cases",
    "portal.applications.counter",
    "portal.applications.review",
    "portal.site",
    "portal.site.inspection",
    "portal.site.sheets",
    "portal.core.desk.config.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
]
if (BASE_DIR / "tools" / "benchmark").is_dir():  # of developers: an installation may leave it out
    INSTALLED_APPS.append("tools.benchmark")
MIDDLEWARE = [
    "portal.core.metering.Metered",
    "portal.core.pages.unavailable.DatabaseFaults",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.core.entrance.sessions.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.core.entrance.middleware.StaffGate",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
                "portal.core.pages.context.house",
                "catalog.regions.chosen.my_place",
            ],
            "libraries": {"desk": "portal.core.desk.tags"},
        },
    }
]

# -- Database, cache, jobs, files ------------------------------------------------------------------------------
DATABASES = {"default": DATABASE}
DATABASES["default"]["CONN_MAX_AGE"] = DATABASE_CONN_MAX_AGE
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": DATABASE_WAIT_SECONDS,
        "transaction_mode": "IMMEDIATE",
        # Without recursive_triggers a row that REPLACE puts out of the way is deleted without asking the triggers.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA recursive_triggers=ON;",
    }
else:
    # A server that is gone without a word is noticed within half a minute, not after two hours.
    ALIVE = {
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
    }
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 3 if REPLICA_DATABASES else 10,
        "options": f"-c lock_timeout={DATABASE_WAIT_SECONDS}s",
        **ALIVE,
        **DATABASES["default"].get("OPTIONS", {}),  # of the address, such as target_session_attrs
    }
    for number, replica in enumerate(REPLICA_DATABASES, start=1):
        options = {"connect_timeout": 2, "options": "-c default_transaction_read_only=on", **ALIVE}
        options |= replica.get("OPTIONS", {})
        DATABASES[f"replica{number}"] = DATABASES["default"] | replica | {"OPTIONS": options}
REPLICAS = tuple(alias for alias in DATABASES if alias != "default")
DATABASE_ROUTERS = ["portal.core.replicas.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The processes of a machine count limits and used codes together, also without Redis.
CACHES = {"default": CACHE or {"BACKEND": "diskcache.DjangoCache", "LOCATION": VAR_DIR / "cache"}}
PAGE_TOKEN_SECONDS = 1
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
JOB_PAUSE_SECONDS = (15.0, 60.0)  # before the second try of a failed job, and before the third

LOG_SIGNED_FILE = VAR_DIR / "log_signed"  # what this machine signed last: it never signs another log

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "portal.core.files.bucket.BucketStorage", "OPTIONS": FILES_BUCKET}
    if FILES_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_ROOT}},
    "staticfiles": {"BACKEND": "portal.core.pages.collected.CollectedFiles"},
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    *("jpg", "jpeg", "png", "gif", "webp", "avif", "zip", "gz", "br", "woff", "woff2", "xlsx", "pdf"),
    "map",  # read by developers only
)

# -- People ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "entrance:account"
LOGOUT_REDIRECT_URL = "account_login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.core.accounts.passwords.CharacterClassesValidator"},
]
# What is kept of persons, told by the rooms themselves (see portal/core/processing.py). An erasure goes through the
# list from its end: what an erasure still has to ask for stands further up.
PROCESSING_RECORDS = [
    "portal.core.accounts.personal",
    "portal.core.audit.personal",
    "portal.core.files.personal",
    "portal.core.entrance.personal",
    "portal.core.mail.personal",
    "catalog.enterprises.personal",
    "catalog.publication.personal",
    "catalog.imports.personal",
    "events.commitments.personal",
    "events.enquiries.personal",
    "portal.applications.privacy.personal",
    "portal.applications.cases.personal",
]
# What a lawful redaction reaches beside the registers, told by the rooms themselves (see catalog/publication/publishing/redaction.py).
REDACTING_ROOMS = [
    "portal.applications.cases.redaction",
    "catalog.imports.redaction",
    "catalog.publication.exporting.redaction",
]
# Idle sign-out: the requests of a signed-in person move the end of the session, at most once a minute.
SESSION_COOKIE_AGE = 60 * SESSION_IDLE_MINUTES
SESSION_ENGINE = "portal.core.entrance.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True

# Not from the environment: nobody who runs the portal can let staff in with a password alone.
STAFF_NEEDS_SECOND_FACTOR = True
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_ADAPTER = "portal.core.entrance.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}  # staff by account name, enterprises by address
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True  # one address each; a new one takes its place once it is verified
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True  # as long as SESSION_COOKIE_AGE says
ACCOUNT_FORMS = {
    "login": "portal.core.entrance.forms.SignInForm",
    "signup": "portal.core.entrance.forms.SignUpForm",
    "reset_password": "portal.core.entrance.forms.ResetForm",
    "add_email": "portal.core.entrance.forms.NewAddressForm",
    "change_password": "portal.core.entrance.forms.ChangePasswordForm",
}
# Signing in, signing up and asking for a reset have limits of their own (portal.core.entrance.limits); what is left to
# allauth counts by the minute, as its page says.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "signup": None,
    "reset_password": None,
    "confirm_email": "1/m/key",
}
MFA_ADAPTER = "portal.core.entrance.second_factor.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "portal.core.entrance.second_factor.forms.SecondFactorForm",
    "reauthenticate": "portal.core.entrance.second_factor.forms.AgainForm",
    "activate_totp": "portal.core.entrance.second_factor.forms.SetUpForm",
}
MFA_TOTP_ISSUER = "绿色建材下乡"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = (
    True  # staff may have no address; others cannot sign in before theirs is verified
)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS

# -- Mail ------------------------------------------------------------------------------------------------------
HAS_MAIL_SERVER = bool(MAIL_SERVER) or DEBUG
EMAIL_BACKEND = MAIL_SERVER.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = MAIL_SERVER.get("EMAIL_HOST", "")
EMAIL_PORT = MAIL_SERVER.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = MAIL_SERVER.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = MAIL_SERVER.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = MAIL_SERVER.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = MAIL_SERVER.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = MAIL_FROM or f"noreply@{urlsplit(SITE_URL).hostname}"

# -- What browsers are told ------------------------------------------------------------------------------------
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = HSTS_SECONDS if IS_HTTPS else 0
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains and the browsers' preload list bind other sites of the domain:
    "security.W021",  # not ours to decide
]

# -- Language and time -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# A page that ticks or judges every line of a case sends two fields for each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = max(1000, 2 * CASE_MAX_ITEMS + 100)

# -- Logs --------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "portal.logs.JsonFormatter"},
        "plain": {
            "()": "portal.logs.PlainFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
        }
    },
    "root": {
        "handlers": ["console"],
        "level": LOG_LEVEL,
    },
    # Django's own handlers would print everything a second time.
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
