"""What an installation may set: every name with its kind, default, bounds and words, read from the environment.

`.env.example` is written from here (`make env`). What Django makes of it stands in `portal.settings`.
"""

from pathlib import Path

from portal import environment as env
from portal import machine, secret_key

_MB = 1024 * 1024

BASE_DIR = Path(__file__).resolve().parent.parent

env.tell(
    "Every setting of the portal, with its default. Copy the lines you change into a file named .env beside "
    "this one, or set them in the environment, which goes first. An empty value means the default that the "
    "comment describes."
)
env.section("The installation")
env.tell("File that is read for settings. Empty: .env beside this file. Only the environment can set it.")
env.read_file(env.folder("ENV_FILE", BASE_DIR / ".env", BASE_DIR))
env.tell(
    "Folder of everything the portal writes: database, files, collected static files, secret key. Empty: var/"
)
VAR_DIR = env.folder("VAR_DIR", BASE_DIR / "var", BASE_DIR)
env.tell("Folder of uploaded and generated files. Empty: files/ in VAR_DIR")
FILES_ROOT = env.folder("FILES_ROOT", VAR_DIR / "files", BASE_DIR)
env.tell(
    "Bucket of a server that speaks S3, for uploaded files in place of FILES_ROOT: https://key:secret@host/bucket/prefix"
    "?region=…, and &style=virtual where the bucket is part of the host's name. Nobody but the key may read it. It needs "
    "requirements-s3.txt. The files of the lists stay in FILES_ROOT. Empty: FILES_ROOT"
)
FILES_BUCKET = env.bucket("FILES_BUCKET")
try:
    VAR_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)
except OSError as fault:
    raise env.BadSetting(f"VAR_DIR = {VAR_DIR} cannot be created: {fault.strerror}.") from fault
env.tell(
    "Address and port that the web server listens on. Another address than the loopback one shows the "
    "portal without TLS to whoever reaches it: only for a proxy on another machine, behind a "
    "firewall. 0.0.0.0 means every address."
)
LISTEN = env.own_address("LISTEN", "127.0.0.1")
PORT = env.whole_number("PORT", 8000, at_least=1, at_most=65535)
env.tell("Processes of the web server. 0: one a processor, as far as half of the memory goes at 400 MB each.")
WORKERS = env.whole_number("WORKERS", 0, at_most=64) or machine.web_workers()
env.tell("Requests that one process answers at a time.")
THREADS = env.whole_number("THREADS", 8, at_least=1, at_most=200)
env.tell(
    "Machines that serve this site. More than 1 needs SECRET_KEY, DATABASE_URL, CACHE_URL and "
    "FILES_BUCKET or FILES_ROOT to be shared."
)
NODES = env.whole_number("NODES", 1, at_least=1)
env.tell(
    "Whether `make run` lays the demonstration list (演示数据) into an empty database. false for a real "
    "installation."
)
DEMONSTRATION = env.truth("DEMONSTRATION", True)
env.tell(
    "Address under which readers reach the site, without a path. https turns on secure cookies, HSTS "
    "and the redirect to https. Empty: http://localhost:PORT"
)
SITE_URL = env.address("SITE_URL", f"http://localhost:{PORT}")
env.tell("Proxies in front whose X-Forwarded-For and X-Forwarded-Proto are believed. 0 believes nobody.")
TRUSTED_PROXIES = env.whole_number("TRUSTED_PROXIES", 0)
env.tell(
    "Where nginx gives the folder exports/ of FILES_ROOT to requests that the portal sends there (X-Accel-Redirect; "
    "deploy/nginx.conf), such as /exports-inside/. Empty: the portal sends the bytes itself."
)
ACCEL_PREFIX = env.text("ACCEL_PREFIX")
env.tell("Further host names that are answered, with commas between. Empty: localhost,127.0.0.1,[::1]")
FURTHER_HOSTS = env.words("ALLOWED_HOSTS")
env.tell("Shows tracebacks to visitors; never on a public site.")
DEBUG = env.truth("DEBUG", False)
env.tell(
    "Signs sessions and seals second factors. Empty: generated once and kept in VAR_DIR/secret_key, "
    "readable by its owner alone."
)
SECRET_KEY = env.text("SECRET_KEY") or secret_key.kept_in(VAR_DIR)
env.tell(
    "Keys of before, with commas between: what was signed, and what a redaction marked, is still "
    "known by them."
)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

env.section("Database and cache")
env.tell("postgres://user:password@host:5432/name. Empty: SQLite in VAR_DIR/portal.sqlite3")
DATABASE = env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")
env.tell(
    "Streaming replicas of that database, with blanks between: postgres://user:password@host:5432/name. Public pages are "
    "read there, everything signed in and every write stays with DATABASE_URL. Empty: everything there."
)
REPLICA_DATABASES = env.databases("DATABASE_REPLICA_URLS")
env.tell("A replica that is further behind than so many seconds is left out until it has caught up.")
REPLICA_MAX_SECONDS = env.whole_number("REPLICA_MAX_SECONDS", 10, at_least=1, at_most=3600)
env.tell("Seconds for which a start waits for a database that is away, before it gives up.")
DATABASE_START_SECONDS = env.whole_number("DATABASE_START_SECONDS", 60)
env.tell("Seconds that a connection to the database is kept for the next request.")
DATABASE_CONN_MAX_AGE = env.whole_number("DATABASE_CONN_MAX_AGE", 60)
env.tell(
    "Seconds that a write waits for another one before its reader is told that the site is busy "
    "(503). Nobody waits to read."
)
DATABASE_WAIT_SECONDS = env.whole_number("DATABASE_WAIT_SECONDS", 5, at_least=1, at_most=60)
env.tell(
    "Seconds that PostgreSQL works on one statement of a page before its reader is told that the site is "
    "busy (503). 0: as long as it takes, as for jobs and commands."
)
DATABASE_REQUEST_SECONDS = env.whole_number("DATABASE_REQUEST_SECONDS", 30, at_least=0, at_most=3600)
env.tell(
    "redis://host:6379/0: limits are counted and finished pages kept there. Empty: limits in "
    "VAR_DIR/cache, pages in the memory of each process."
)
CACHE = env.cache("CACHE_URL")
env.tell("Megabytes of finished pages that each process of the web server keeps.")
PAGE_MEMORY_MB = env.whole_number("PAGE_MEMORY_MB", 64, at_least=1, at_most=4096)
env.tell(
    "The virus scanner clamd: the path of its socket, or host:3310. While it is set, every upload is "
    "checked, and nothing is taken in while it cannot be reached. clamd's StreamMaxLength must be at "
    "least the largest limit below. Empty: no check."
)
CLAMD_SOCKET = env.text("CLAMD_SOCKET")
env.tell("Jobs (reading of imports, letters, index) that one worker runs at a time.")
JOBS_AT_ONCE = env.whole_number("JOBS_AT_ONCE", 2, at_least=1, at_most=16)
env.tell(
    "Folder of the backups that are made by themselves every night, best on another disk. Empty: none are made. Of "
    "how many days, and of how many weeks, the newest is kept."
)
BACKUP_DIR = env.text("BACKUP_DIR")
BACKUP_DAYS = env.whole_number("BACKUP_DAYS", 7, at_least=1, at_most=366)
BACKUP_WEEKS = env.whole_number("BACKUP_WEEKS", 4, at_most=520)

env.section("People")
env.tell("Minutes without a request after which a person is signed out.")
SESSION_IDLE_MINUTES = env.whole_number("SESSION_IDLE_MINUTES", 30, at_least=1)
env.tell("Seconds for which browsers remember that this site is https only; used when SITE_URL is https.")
HSTS_SECONDS = env.whole_number("HSTS_SECONDS", 365 * 24 * 3600)

env.section("Mail")
env.tell(
    "Server that takes the letters: smtp+tls://user:password@host:587 or smtp+ssl://…:465. Empty: "
    "none; messages are only kept for their readers (站内消息), sign-up says so and how to reach the "
    "office, and staff issue activation codes."
)
MAIL_SERVER = env.mail_server("EMAIL_URL")
env.tell("Address that letters come from. Empty: noreply@ and the host of SITE_URL.")
MAIL_FROM = env.text("MAIL_FROM")

env.section("Limits")
env.tell("Largest workbook that is read, in bytes (20 MB), and how many rows, columns and sheets of it.")
IMPORT_MAX_BYTES = env.whole_number("IMPORT_MAX_BYTES", 20 * _MB, at_least=1024)
IMPORT_MAX_ROWS = env.whole_number("IMPORT_MAX_ROWS", 100_000, at_least=1)
IMPORT_MAX_COLUMNS = env.whole_number("IMPORT_MAX_COLUMNS", 120, at_least=1)
IMPORT_MAX_SHEETS = env.whole_number("IMPORT_MAX_SHEETS", 50, at_least=1)
env.tell("Largest picture that is taken in, in bytes (10 MB) and in pixels, and largest attachment (20 MB).")
PICTURE_MAX_BYTES = env.whole_number("PICTURE_MAX_BYTES", 10 * _MB, at_least=1024)
PICTURE_MAX_PIXELS = env.whole_number("PICTURE_MAX_PIXELS", 50_000_000, at_least=1_000_000)
ATTACHMENT_MAX_BYTES = env.whole_number("ATTACHMENT_MAX_BYTES", 20 * _MB, at_least=1024)
env.tell(
    "Largest paper that an enterprise hands in (licence, letter, certificate), in bytes (10 MB), and "
    "most pages of a PDF."
)
DOCUMENT_MAX_BYTES = env.whole_number("DOCUMENT_MAX_BYTES", 10 * _MB, at_least=1024)
DOCUMENT_MAX_PAGES = env.whole_number("DOCUMENT_MAX_PAGES", 50, at_least=1, at_most=2000)
env.tell(
    "Room for the files that the lists are given out in, in bytes (2 GB). Beyond it the oldest go; who asks for one "
    "has it made again. The newest lists stay."
)
EXPORTS_MAX_BYTES = env.whole_number("EXPORTS_MAX_BYTES", 2048 * _MB, at_least=1024)
env.tell(
    "How many answers of /api/v1/ that have to be drawn one network address may ask for in a minute; what is kept "
    "already is not counted."
)
API_PER_MINUTE = env.whole_number("API_PER_MINUTE", 120, at_least=10, at_most=100_000)
env.tell("Ending more than this share of a list in one batch asks for the number to be typed.")
LISTING_END_CONFIRM_PERCENT = env.whole_number("LISTING_END_CONFIRM_PERCENT", 5, at_most=100)
env.tell("Hours that one publisher alone may hold an entry as 核查中; at most 72.")
HOLD_HOURS = env.whole_number("HOLD_HOURS", 72, at_least=1, at_most=72)
env.tell("Days that a new batch (批次) is shown for objection; a batch may set another number.")
NOTICE_DAYS = env.whole_number("NOTICE_DAYS", 7, at_most=60)
env.tell("Working days within which an enquiry or complaint is to be answered.")
ENQUIRY_ANSWER_DAYS = env.whole_number("ENQUIRY_ANSWER_DAYS", 10, at_least=1, at_most=60)
env.tell(
    "Working days within which an office decides a case of an enterprise, and the enterprise corrects "
    "a returned one."
)
CASE_DECIDE_DAYS = env.whole_number("CASE_DECIDE_DAYS", 10, at_least=1, at_most=90)
CASE_CORRECT_DAYS = env.whole_number("CASE_CORRECT_DAYS", 20, at_least=1, at_most=180)
env.tell("How many products and papers one case may have.")
CASE_MAX_ITEMS = env.whole_number("CASE_MAX_ITEMS", 1000, at_least=1, at_most=5000)
CASE_MAX_DOCUMENTS = env.whole_number("CASE_MAX_DOCUMENTS", 20, at_least=3)
env.tell("Longest text of an enquiry, in characters, and how many pictures may go with it.")
ENQUIRY_MAX_CHARACTERS = env.whole_number("ENQUIRY_MAX_CHARACTERS", 3000, at_least=200, at_most=20_000)
ENQUIRY_MAX_PICTURES = env.whole_number("ENQUIRY_MAX_PICTURES", 5, at_most=20)
env.tell(
    "How many enquiries one network address may send: an hour; a day without the proof that a script "
    "computes (they wait for a look); and how many of the latter are taken from everybody together in "
    "an hour."
)
ENQUIRIES_AN_HOUR = env.whole_number("ENQUIRIES_AN_HOUR", 10, at_least=1)
UNPROVEN_ENQUIRIES_A_DAY = env.whole_number("UNPROVEN_ENQUIRIES_A_DAY", 5)
UNPROVEN_ENQUIRIES_OF_ALL_AN_HOUR = env.whole_number("UNPROVEN_ENQUIRIES_OF_ALL_AN_HOUR", 60)
env.tell("Wrong tries in an hour to open an enquiry with its number and word.")
FOLLOW_TRIES_AN_HOUR = env.whole_number("FOLLOW_TRIES_AN_HOUR", 10, at_least=3)
env.tell(
    "How often one network address may sign up an hour; a day without the proof that a script "
    "computes; and how many of the latter are taken from everybody together in an hour."
)
SIGN_UPS_AN_HOUR = env.whole_number("SIGN_UPS_AN_HOUR", 10, at_least=1)
UNPROVEN_SIGN_UPS_A_DAY = env.whole_number("UNPROVEN_SIGN_UPS_A_DAY", 3)
UNPROVEN_SIGN_UPS_OF_ALL_AN_HOUR = env.whole_number("UNPROVEN_SIGN_UPS_OF_ALL_AN_HOUR", 30)
env.tell("Failed sign-ins, and asked-for password resets, of one network address in an hour.")
SIGN_INS_AN_HOUR = env.whole_number("SIGN_INS_AN_HOUR", 60, at_least=10)
RESETS_AN_HOUR = env.whole_number("RESETS_AN_HOUR", 10, at_least=1)
env.tell("Hours for which an activation code that staff issued is good.")
ACTIVATION_HOURS = env.whole_number("ACTIVATION_HOURS", 72, at_least=1, at_most=240)
env.tell("Days after its end for which the personal data of an enquiry are kept.")
ENQUIRY_KEEP_DAYS = env.whole_number("ENQUIRY_KEEP_DAYS", 365, at_least=90)
env.tell(
    "Days for which the drafts of enterprises are kept that were never handed in, and the persons "
    "named in decided cases."
)
CASE_DRAFT_KEEP_DAYS = env.whole_number("CASE_DRAFT_KEEP_DAYS", 180, at_least=30)
CASE_KEEP_DAYS = env.whole_number("CASE_KEEP_DAYS", 1095, at_least=180)
env.tell("Days for which messages to persons are kept.")
MESSAGE_KEEP_DAYS = env.whole_number("MESSAGE_KEEP_DAYS", 730, at_least=90)
env.tell("Days for which the personal values that an edit replaced are kept beside it.")
BEFORE_IMAGE_KEEP_DAYS = env.whole_number("BEFORE_IMAGE_KEEP_DAYS", 1095, at_least=30)

env.section("Who answers for the site")
env.tell(
    "How the office is reached, whom objections to a batch in notice go to as well: office, telephone. Empty: as an "
    "administrator writes it at the desk, which asks for it."
)
OBJECTION_CONTACT = env.text("OBJECTION_CONTACT")
env.tell("The number of the ICP filing and of the public security filing; hidden while empty.")
ICP_NUMBER = env.text("ICP_NUMBER")
POLICE_NUMBER = env.text("POLICE_NUMBER")

env.tell(
    "Under which terms the data may be used: what the licence is called, and its address. Told with every file and by "
    "/api/v1/. Empty: none has been published yet, and the pages say so."
)
DATA_LICENCE = env.text("DATA_LICENCE")
DATA_LICENCE_URL = env.link("DATA_LICENCE_URL", "https", "http")
env.tell("Whom to ask about the data: an address of mail or of the web. Empty: OBJECTION_CONTACT")
DATA_CONTACT = env.text("DATA_CONTACT")
env.tell(
    "Where faults of security are told: mailto:… or https://…, given out at /.well-known/security.txt. Empty: no such file"
)
SECURITY_CONTACT = env.link("SECURITY_CONTACT", "mailto", "https")

env.section("The open log")
env.tell(
    "What the log is called in its checkpoints, for ever: whoever witnesses it knows it by this name. Empty: the host of "
    "SITE_URL and /log"
)
LOG_ORIGIN = env.text("LOG_ORIGIN") or SITE_URL.split("//", 1)[1] + "/log"
env.tell(
    "The Ed25519 key (PEM, without a password) that signs the log; made where there is none, readable by its owner alone. "
    "No backup takes it: keep a copy apart. Several nodes need the same. Empty: log_key.pem in VAR_DIR"
)
LOG_KEY_FILE = env.folder("LOG_KEY_FILE", VAR_DIR / "log_key.pem", BASE_DIR)
env.tell(
    "Instead of the file: a program that reads a message and writes the 64 bytes of its Ed25519 signature, such as one that "
    "asks a token by PKCS#11, and the public key (32 bytes in base64) that belongs to it."
)
LOG_SIGN_COMMAND = env.text("LOG_SIGN_COMMAND")
LOG_PUBLIC_KEY = env.public_key("LOG_PUBLIC_KEY")
env.tell("Keys of those who may co-sign the log, with blanks between, as `manage.py witness` shows them.")
LOG_WITNESSES = env.verifier_keys("LOG_WITNESSES")
env.tell(
    "Address of a timestamping authority (RFC 3161) that is asked once a day, and the file of the root certificates (PEM) "
    "that its answers are verified with. Empty: nobody is asked."
)
LOG_TSA_URL = env.text("LOG_TSA_URL")
LOG_TSA_CERTIFICATES = env.folder("LOG_TSA_CERTIFICATES", VAR_DIR / "log_tsa.pem", BASE_DIR)

env.tell(
    "The seal of PDFs: a PEM file with a private key, its certificate, and those between it and a root. Made by the portal "
    "itself where there is none; readers then call it unknown. Empty: seal.pem in VAR_DIR"
)
SEAL_FILE = env.folder("SEAL_FILE", VAR_DIR / "seal.pem", BASE_DIR)

env.section("Monitoring")
env.tell(
    "What a reader of /metrics sends as `Authorization: Bearer ...`. Empty: only programs on this machine "
    "that ask the portal itself, not through a proxy; everybody else gets 404."
)
METRICS_TOKEN = env.text("METRICS_TOKEN")
env.tell(
    "Address of a Sentry project that errors are told to, without request or person. Empty: nobody is told."
)
SENTRY_DSN = env.text("SENTRY_DSN")

env.section("Logs")
env.tell("json (one object a line) or plain. `make run` uses plain unless this is set.")
LOG_FORMAT = env.choice("LOG_FORMAT", "json", {"json", "plain"})
env.tell("DEBUG, INFO, WARNING or ERROR.")
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", {"DEBUG", "INFO", "WARNING", "ERROR"})

DECLARED = tuple(sorted(env.DEFAULTS))
