"""A folder comes back from anywhere: nothing in it is believed that this installation did not write. No database."""

import json
import os
import shutil
from pathlib import Path

import pytest

from portal.core.workflow import NotAllowed
from portal.site.mirror import folder as folders
from portal.site.mirror.folder import FORMAT, MANIFEST, finish, opened

pytestmark = pytest.mark.once


def copy_into(folder: Path, era: str = "", **files: str) -> None:
    with opened(folder, era) as staging:
        for name, content in files.items():
            staging.put(name, content.encode())
        staging.put(MANIFEST, manifest(dict.fromkeys(files, "digest")))
        finish(staging, {*files, MANIFEST})


def manifest(files: object, form: object = FORMAT) -> bytes:
    return json.dumps({"format": form, "files": files}).encode()


def kill_at_the_first_removal(monkeypatch, folder: Path) -> None:
    """Leaves a plan that takes `gone` away."""
    copy_into(folder, kept="1", gone="1")

    def unlink(_path: Path, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        with pytest.raises(KeyboardInterrupt):
            copy_into(folder, kept="2")
    assert (folder / "gone").exists()


def test_a_plan_of_a_stranger_is_not_carried_out(tmp_path):
    stick, letter = tmp_path / "stick", tmp_path / "letter"
    copy_into(stick, page="1")
    letter.write_text("mine")
    new = stick / ".mirror" / "new"
    new.mkdir(parents=True)
    (new / "evil").write_text("evil")
    for name in ("plan", "plan.json"):
        plan = {"written": ["evil"], "removed": ["../letter", str(letter), "page"]}
        (stick / ".mirror" / name).write_text(json.dumps(plan))
    copy_into(stick, page="1")
    assert letter.read_text() == "mine"
    assert {path.name for path in stick.iterdir()} == {"page", MANIFEST}


def test_a_plan_of_this_installation_is_carried_out_and_one_of_another_is_not(
    tmp_path, monkeypatch, settings
):
    kill_at_the_first_removal(monkeypatch, tmp_path / "own")
    shutil.copytree(tmp_path / "own", tmp_path / "other")
    with opened(tmp_path / "own"):
        assert not (tmp_path / "own" / "gone").exists()
    settings.SECRET_KEY = "of another installation"
    with opened(tmp_path / "other"):
        assert (tmp_path / "other" / "gone").exists()


def test_what_a_killed_run_drew_before_a_redaction_is_not_put_in_place_after_it(tmp_path, monkeypatch):
    copy_into(tmp_path, page="1")
    replaced: list[Path] = []

    def replace(source: Path, target: Path) -> None:
        if len(replaced) == 2:
            raise KeyboardInterrupt
        os.rename(source, target)
        replaced.append(target)

    with monkeypatch.context() as patch:
        patch.setattr(folders.os, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            copy_into(tmp_path, "before", a_new="secret", page="secret")
    assert (tmp_path / "a_new").exists()
    with pytest.raises(KeyboardInterrupt), opened(tmp_path, "after"):
        raise KeyboardInterrupt
    assert {path.name for path in tmp_path.iterdir()} == {"page", MANIFEST}
    assert (tmp_path / "page").read_text() == "1"


@pytest.mark.parametrize("link", ["products", ".mirror", ".mirror/new/products", ".mirror.lock"])
def test_nothing_is_put_or_taken_away_through_a_symbolic_link(tmp_path, monkeypatch, link):
    stick, outside = tmp_path / "stick", tmp_path / "outside"
    copy_into(stick, **{"products/1.html": "1"})
    shutil.move(stick / "products", outside)
    (stick / link).parent.mkdir(parents=True, exist_ok=True)
    (stick / link).symlink_to(outside)
    if link == ".mirror/new/products":  # it goes with what a killed run left
        copy_into(stick, **{"products/2.html": "2"})
    else:
        for files in ({"products/2.html": "2"}, {"other": "2"}):
            with pytest.raises(NotAllowed, match="符号链接"):
                copy_into(stick, **files)
    assert {path.name: path.read_text() for path in outside.iterdir()} == {"1.html": "1"}


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"no json",
        b'{"name": "a web application"}',
        manifest([{}]),
        manifest(["page"]),
        manifest({"page": {}}),
        manifest({".": "digest"}),
        manifest({"/": "digest"}),
        manifest({"a/../../b": "digest"}),
        manifest({"\ud800": "digest"}),
        manifest({"a" * 300: "digest"}),
        manifest({".Mirror/plan": "digest"}),
        manifest({"page": "digest"}, ["mirror/1"]),
    ],
)
def test_a_folder_with_another_manifest_is_not_ours(tmp_path, content):
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(NotAllowed, match=r"又没有副本的 manifest.json"), opened(tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST]


def test_a_folder_is_not_ours_by_what_a_killed_run_leaves(tmp_path):
    (tmp_path / ".mirror").mkdir()
    with opened(tmp_path):
        pass
    (tmp_path / ".mirror").mkdir()
    (tmp_path / "letter").write_text("mine")
    with pytest.raises(NotAllowed, match="里有别的文件"), opened(tmp_path):
        pass


def test_a_refused_run_leaves_nothing_of_what_it_drew(tmp_path):
    copy_into(tmp_path, page="1")
    (tmp_path / "here").mkdir()
    with pytest.raises(NotAllowed, match="挡住了副本"):
        copy_into(tmp_path, page="2", here="2")
    (tmp_path / "here").rmdir()
    assert {path.name for path in tmp_path.iterdir()} == {"page", MANIFEST}
    assert folders.former(tmp_path) == {"page"}
