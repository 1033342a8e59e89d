"""Settings, typed and read from the environment; `.env.example` lists them all with their defaults."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from portal import environment, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
environment.read_file(environment.folder("ENV_FILE", BASE_DIR / ".env", BASE_DIR))

# -- The installation ------------------------------------------------------------------------------------------
VAR_DIR = environment.folder("VAR_DIR", BASE_DIR / "var", BASE_DIR)
FILES_ROOT = environment.folder("FILES_ROOT", VAR_DIR / "files", BASE_DIR)
try:
    VAR_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)
except OSError as fault:
    raise environment.BadSetting(f"VAR_DIR = {VAR_DIR} cannot be created: {fault.strerror}.") from fault

LISTEN = environment.own_address("LISTEN", "127.0.0.1")
PORT = environment.whole_number("PORT", 8000, at_least=1, at_most=65535)
WORKERS = environment.whole_number("WORKERS", 1, at_least=1, at_most=64)
THREADS = environment.whole_number("THREADS", 8, at_least=1, at_most=200)
NODES = environment.whole_number("NODES", 1, at_least=1)
DEMONSTRATION = environment.truth("DEMONSTRATION", True)
SITE_URL = environment.address("SITE_URL", f"http://localhost:{PORT}")
IS_HTTPS = SITE_URL.startswith("https://")
TRUSTED_PROXIES = environment.whole_number("TRUSTED_PROXIES", 0)
DEBUG = environment.truth("DEBUG", False)
SECRET_KEY = environment.text("SECRET_KEY") or secret_key.kept_in(VAR_DIR)
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
SECRET_KEY_IS_SHARED = bool(os.environ.get("SECRET_KEY"))
ALLOWED_HOSTS = [
    str(urlsplit(SITE_URL).hostname),
    *(environment.words("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]),
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
    "catalog.campaigns",
    "catalog.regions",
    "catalog.enterprises",
    "catalog.products",
    "catalog.publication",
    "catalog.imports",
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
                "portal.core.entrance.views.mail_context",
            ],
            "libraries": {"desk": "portal.core.desk.tags"},
        },
    }
]

# -- Database, cache, jobs, files ------------------------------------------------------------------------------
DATABASES = {"default": environment.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = environment.whole_number("DATABASE_CONN_MAX_AGE", 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASE_WAIT_SECONDS = environment.whole_number("DATABASE_WAIT_SECONDS", 5, at_least=1, at_most=60)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": DATABASE_WAIT_SECONDS,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 10,
        "options": f"-c lock_timeout={DATABASE_WAIT_SECONDS}s",
    }
DATABASE_START_SECONDS = environment.whole_number("DATABASE_START_SECONDS", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": environment.cache("CACHE_URL") or {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Finished pages always stay in the memory of their process: it drops them all when the edition changes, which in
    # a shared cache would drop everyone's.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
PAGE_TOKEN_SECONDS = 1
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
JOBS_AT_ONCE = environment.whole_number("JOBS_AT_ONCE", 2, at_least=1, at_most=16)
JOB_PAUSE_SECONDS = (15.0, 60.0)  # before the second try of a failed job, and before the third

# Where the virus scanner clamd listens. While it is set, nothing is taken in that it has not passed.
CLAMD_SOCKET = environment.text("CLAMD_SOCKET")

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
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
# What is kept of persons, told by the rooms themselves (see portal/core/holdings.py). An erasure goes through the
# list from its end: what an erasure still has to ask for stands further up.
PERSONAL_HOLDINGS = [
    "portal.core.accounts.personal",
    "portal.core.audit.personal",
    "portal.core.files.personal",
    "portal.core.entrance.personal",
    "portal.core.mail.personal",
    "catalog.enterprises.personal",
    "catalog.imports.personal",
    "events.commitments.personal",
    "events.enquiries.personal",
    "portal.applications.privacy.personal",
    "portal.applications.cases.personal",
]
# What a lawful redaction reaches beside the registers, told by the rooms themselves (see catalog/publication/publishing/redaction.py).
REDACTING_ROOMS = ["portal.applications.cases.redaction", "catalog.imports.redaction"]
# Idle sign-out: the requests of a signed-in person move the end of the session, at most once a minute.
SESSION_COOKIE_AGE = 60 * environment.whole_number("SESSION_IDLE_MINUTES", 30, at_least=1)
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
MAIL_SERVER = environment.mail_server("EMAIL_URL")
HAS_MAIL_SERVER = bool(MAIL_SERVER) or DEBUG
EMAIL_BACKEND = MAIL_SERVER.get("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = MAIL_SERVER.get("EMAIL_HOST", "")
EMAIL_PORT = MAIL_SERVER.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = MAIL_SERVER.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = MAIL_SERVER.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = MAIL_SERVER.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = MAIL_SERVER.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("MAIL_FROM") or f"noreply@{urlsplit(SITE_URL).hostname}"

# -- What browsers are told ------------------------------------------------------------------------------------
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
HSTS_SECONDS = environment.whole_number("HSTS_SECONDS", 365 * 24 * 3600)
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

# -- Who answers for the site; hidden while not set, never invented --------------------------------------------
OBJECTION_CONTACT = environment.text("OBJECTION_CONTACT")
ICP_NUMBER = environment.text("ICP_NUMBER")
POLICE_NUMBER = environment.text("POLICE_NUMBER")

# -- Language and time -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# -- Limits; each is named in the message that it causes ---------------------------------------------------------
IMPORT_MAX_BYTES = environment.whole_number("IMPORT_MAX_BYTES", 20 * 1024 * 1024, at_least=1024)
IMPORT_MAX_ROWS = environment.whole_number("IMPORT_MAX_ROWS", 100_000, at_least=1)
IMPORT_MAX_COLUMNS = environment.whole_number("IMPORT_MAX_COLUMNS", 120, at_least=1)
IMPORT_MAX_SHEETS = environment.whole_number("IMPORT_MAX_SHEETS", 50, at_least=1)
PICTURE_MAX_BYTES = environment.whole_number("PICTURE_MAX_BYTES", 10 * 1024 * 1024, at_least=1024)
PICTURE_MAX_PIXELS = environment.whole_number("PICTURE_MAX_PIXELS", 50_000_000, at_least=1_000_000)
ATTACHMENT_MAX_BYTES = environment.whole_number("ATTACHMENT_MAX_BYTES", 20 * 1024 * 1024, at_least=1024)
DOCUMENT_MAX_BYTES = environment.whole_number("DOCUMENT_MAX_BYTES", 10 * 1024 * 1024, at_least=1024)
DOCUMENT_MAX_PAGES = environment.whole_number("DOCUMENT_MAX_PAGES", 50, at_least=1, at_most=2000)
LISTING_END_CONFIRM_PERCENT = environment.whole_number("LISTING_END_CONFIRM_PERCENT", 5, at_most=100)
HOLD_HOURS = environment.whole_number("HOLD_HOURS", 72, at_least=1, at_most=72)
NOTICE_DAYS = environment.whole_number("NOTICE_DAYS", 7, at_most=60)
ENQUIRY_ANSWER_DAYS = environment.whole_number("ENQUIRY_ANSWER_DAYS", 10, at_least=1, at_most=60)
ENQUIRY_MAX_CHARACTERS = environment.whole_number(
    "ENQUIRY_MAX_CHARACTERS", 3000, at_least=200, at_most=20_000
)
ENQUIRY_MAX_PICTURES = environment.whole_number("ENQUIRY_MAX_PICTURES", 5, at_most=20)
ENQUIRIES_AN_HOUR = environment.whole_number("ENQUIRIES_AN_HOUR", 10, at_least=1)
UNPROVEN_ENQUIRIES_A_DAY = environment.whole_number("UNPROVEN_ENQUIRIES_A_DAY", 5)
UNPROVEN_ENQUIRIES_OF_ALL_AN_HOUR = environment.whole_number("UNPROVEN_ENQUIRIES_OF_ALL_AN_HOUR", 60)
FOLLOW_TRIES_AN_HOUR = environment.whole_number("FOLLOW_TRIES_AN_HOUR", 10, at_least=3)
SIGN_UPS_AN_HOUR = environment.whole_number("SIGN_UPS_AN_HOUR", 10, at_least=1)
UNPROVEN_SIGN_UPS_A_DAY = environment.whole_number("UNPROVEN_SIGN_UPS_A_DAY", 3)
UNPROVEN_SIGN_UPS_OF_ALL_AN_HOUR = environment.whole_number("UNPROVEN_SIGN_UPS_OF_ALL_AN_HOUR", 30)
SIGN_INS_AN_HOUR = environment.whole_number("SIGN_INS_AN_HOUR", 60, at_least=10)
RESETS_AN_HOUR = environment.whole_number("RESETS_AN_HOUR", 10, at_least=1)
ACTIVATION_HOURS = environment.whole_number("ACTIVATION_HOURS", 72, at_least=1, at_most=240)
ENQUIRY_KEEP_DAYS = environment.whole_number("ENQUIRY_KEEP_DAYS", 365, at_least=90)
CASE_DECIDE_DAYS = environment.whole_number("CASE_DECIDE_DAYS", 10, at_least=1, at_most=90)
CASE_CORRECT_DAYS = environment.whole_number("CASE_CORRECT_DAYS", 20, at_least=1, at_most=180)
CASE_MAX_ITEMS = environment.whole_number("CASE_MAX_ITEMS", 1000, at_least=1, at_most=5000)
CASE_MAX_DOCUMENTS = environment.whole_number("CASE_MAX_DOCUMENTS", 20, at_least=3)
# A page that ticks or judges every line of a case sends two fields for each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = max(1000, 2 * CASE_MAX_ITEMS + 100)
CASE_DRAFT_KEEP_DAYS = environment.whole_number("CASE_DRAFT_KEEP_DAYS", 180, at_least=30)
CASE_KEEP_DAYS = environment.whole_number("CASE_KEEP_DAYS", 1095, at_least=180)
MESSAGE_KEEP_DAYS = environment.whole_number("MESSAGE_KEEP_DAYS", 730, at_least=90)
BEFORE_IMAGE_KEEP_DAYS = environment.whole_number("BEFORE_IMAGE_KEEP_DAYS", 1095, at_least=30)

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
            "formatter": environment.choice("LOG_FORMAT", "json", {"json", "plain"}),
        }
    },
    "root": {
        "handlers": ["console"],
        "level": environment.choice("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"}),
    },
    # Django's own handlers would print everything a second time.
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
