"""Settings of the real processes that tests start: the portal's own, with pauses a test can wait for and static files
that nobody has to collect first."""

from portal.settings import *  # noqa: F403
from portal.settings import STORAGES

JOB_PAUSE_SECONDS = (0.3, 0.3)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
