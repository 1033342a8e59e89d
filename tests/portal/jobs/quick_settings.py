"""Settings of the real workers that the tests start: the portal's own, with pauses a test can wait for."""

from portal.settings import *  # noqa: F403

JOB_PAUSE_SECONDS = (0.3, 0.3)
