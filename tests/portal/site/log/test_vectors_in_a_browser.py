"""`check.html` from a USB stick: the same vectors, in a real Chromium, from `file://`, without a network."""

import json
import re
import shutil

import pytest

from portal.site.log import checker
from tests.portal.site.log.test_vectors import CASES, VECTORS

pytestmark = [pytest.mark.browser, pytest.mark.once]
BOXES = {"--key": "keys", "--witness": "witnesses", "--head": "heads"}


@pytest.fixture(scope="module")
def stick(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stick")
    shutil.copytree(VECTORS, folder, dirs_exist_ok=True)
    (folder / "check.html").write_bytes(checker.page())
    return folder


@pytest.fixture(scope="module")
def page(chromium, stick):
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900})
    page, asked, broken = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    context.close()
    assert not broken
    assert [address for address in asked if not address.startswith("file://")] == []


def outcome(page, stick, arguments: list[str]) -> tuple[int, str]:
    """What the page says of the files and words that `check.py` is given."""
    page.goto((stick / "check.html").as_uri())
    page.evaluate("document.querySelector('details').open = true")
    given: dict[str, list[str]] = {"files": [], "known": [], "keys": [], "witnesses": [], "heads": []}
    rest = list(arguments)
    while rest:
        one = rest.pop(0)
        given["known" if one == "--known" else BOXES.get(one, "files")].append(
            rest.pop(0) if one.startswith("--") else one
        )
    for box in ("files", "known"):
        page.set_input_files(f"#{box}", [stick / name for name in given[box]])
    for box in BOXES.values():
        page.fill(f"#{box}", "\n".join(given[box]))
    page.click("#check")
    page.wait_for_selector("#result[data-code]")
    return int(page.get_attribute("#result", "data-code")), page.inner_text("#result")


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(case["arguments"])[:80])
def test_the_page_says_what_the_program_says(page, stick, case):
    code, said = outcome(page, stick, case["arguments"])
    assert code == case["code"], said
    for words in case["names"]:
        assert words in said


def test_every_field_that_is_altered_is_named_in_the_page_as_well(page, stick):
    proof = json.loads((VECTORS / "proof.json").read_text(encoding="utf-8"))
    for field in ("name", "position", "fact_on"):
        altered = json.loads(json.dumps(proof))
        altered["fields"][field][0] = "改过的"
        (stick / "altered.json").write_text(json.dumps(altered))
        code, said = outcome(page, stick, ["altered.json"])
        assert (code, f"字段 {field} 被改过" in said) == (1, True)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"path": 1}', b'{"a": 1, "a": 2}'])
def test_the_page_refuses_in_words_what_is_no_file_of_the_site(page, stick, content):
    (stick / "strange.json").write_bytes(content)
    code, said = outcome(page, stick, ["strange.json"])
    assert (code, bool(re.match("读不懂", said))) == (2, True)
