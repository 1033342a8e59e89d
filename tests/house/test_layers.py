"""The layers contract covers every room there is."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
OUTSIDE = {"portal"}  # the front door as an application; its modules are in the contract one by one


def layers() -> list[str]:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = configuration["tool"]["importlinter"]["contracts"]
    return [name.strip() for layer in contract["layers"] for name in layer.replace("|", ":").split(":")]


def test_every_application_has_its_place():
    ours = {config.name for config in apps.get_app_configs() if (ROOT / config.name.split(".")[0]).exists()}
    assert ours - OUTSIDE <= set(layers())


@pytest.mark.parametrize("package", ["portal", "catalog", "events"])
def test_every_module_on_disk_has_its_place(package):
    modules = {
        f"{package}.{path.stem}"
        for path in (ROOT / package).iterdir()
        if not path.name.startswith("_") and (path.suffix == ".py" or (path / "__init__.py").exists())
    }
    assert modules <= set(layers())
