"""The WSGI entry that gunicorn loads; refuses to serve with settings that contradict each other."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
stack = get_wsgi_application()

from portal.checks import start_faults  # noqa: E402 - needs the applications loaded
from portal.core.busy import bound_statements  # noqa: E402
from portal.core.pages.entry import FinishedPages  # noqa: E402
from portal.environment import BadSetting  # noqa: E402

if faults := start_faults():
    raise BadSetting("; ".join(f"{fault.msg} {fault.hint} ({fault.id})" for fault in faults))

bound_statements()
application = FinishedPages(stack)

# What is loaded now stays. The collector would go through all of it again and again: 80 ms, in the middle of a page.
gc.collect()
gc.freeze()
