"""The checkers that are given out: one Python file, one HTML page. They import nothing of the portal, being a second
reading of the same rules; here they lie in parts, which `assembled` puts together.
"""

import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
PARTS = ("opening.py", "rules.py", "signatures.py", "faults.py", "folder.py", "files.py")


@cache
def python_file() -> bytes:
    """The parts behind one another, without what each imports of the others."""
    return b"\n\n".join(_part(name) for name in PARTS) + b"\n"


def _part(name: str) -> bytes:
    text = (HERE / name).read_text(encoding="utf-8")
    if name != PARTS[0]:
        text = re.sub(r'\A""".*?"""\n|^(import|from) .*?(\(\n.*?^\))?\n', "", text, flags=re.S | re.M)
    return text.strip().encode()


@cache
def page() -> bytes:
    text = (HERE / "check.html").read_text(encoding="utf-8")
    script = "".join(
        (HERE / name).read_text(encoding="utf-8") for name in ("rules.js", "checking.js", "folder.js")
    )
    return text.replace("/* the script */", script).encode()
