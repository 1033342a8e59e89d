"""Take the pictures of docs/操作手册.md: `make handbook`.

A disposable database with the demonstration is served, and Chromium walks through it as an enterprise, a pilot officer,
a reviewer, an editor and a publisher, pressing what the handbook tells them to press. A button that is gone ends the
walk with its name.
"""

import os
import sys

from tools.processes import leave_cleanly_on_signals

from .site import make_people, served
from .walk import walk

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--lang=zh-CN",
]


def main() -> int:
    leave_cleanly_on_signals()
    from playwright.sync_api import sync_playwright

    with served():
        make_people()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            try:
                walk(browser)
            finally:
                browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
