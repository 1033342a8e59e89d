"""The path of a module tells its floor, and nothing ties upward: not by an import, not by a string."""

import ast
import re
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("portal.core", "catalog", "events", "portal.applications", "portal.site")  # from the ground up
HOUSE = ("portal", "catalog", "events")
NAME = re.compile(r"(?:portal|catalog|events)(?:\.\w+)+")


def contracts() -> dict[str, dict]:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in configuration["tool"]["importlinter"]["contracts"]}


def floor_of(module: str) -> int:
    """Its number from the ground up; the frame of the house stands above all floors."""
    found = (at for at, floor in enumerate(FLOORS) if module == floor or module.startswith(f"{floor}."))
    return next(found, len(FLOORS))


def modules() -> dict[str, Path]:
    paths = [path for top in HOUSE for path in (ROOT / top).rglob("*.py")]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in paths
    }


def strings_in(path: Path) -> list[str]:
    """Every string that is no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said)
    return [node.value for node in constants if isinstance(node.value, str)]


def test_the_contract_says_the_floors():
    frame, *floors = contracts()["floors"]["layers"]
    assert floors == list(reversed(FLOORS))
    on_disk = {f"portal.{path.stem}" for path in (ROOT / "portal").iterdir() if path.stem[:2] != "__"}
    assert on_disk == set(frame.split(" : ")) | {floor for floor in FLOORS if floor.startswith("portal.")}


@pytest.mark.parametrize("identity", contracts())
def test_a_contract_can_be_kept_in_mind(identity):
    assert len(contracts()[identity]["layers"]) <= 8


def test_every_room_of_a_floor_has_its_place():
    whole = {
        name
        for contract in contracts().values()
        if contract.get("exhaustive")
        for name in contract["containers"]
    }
    assert whole == set(FLOORS)


def test_every_application_lies_on_a_floor_and_says_its_label():
    ours = [config for config in apps.get_app_configs() if config.name.split(".")[0] in HOUSE]
    assert {config.name for config in ours if floor_of(config.name) == len(FLOORS)} == {"portal"}
    assert [
        config.name for config in ours if config.name.count(".") > 1 and "label" not in vars(type(config))
    ] == []


def test_no_string_names_a_module_of_a_higher_floor():
    there = modules()
    upward = [
        f"{module}: {string}"
        for module, path in there.items()
        for string in strings_in(path)
        if NAME.fullmatch(string)
        and any(string == name or string.startswith(f"{name}.") for name in there if name.count("."))
        and floor_of(string) > floor_of(module)
    ]
    assert upward == []


def test_no_modules_import_each_other_in_a_circle():
    graph = grimp.build_graph(*HOUSE, cache_dir=None)
    order = TopologicalSorter(
        {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    )
    assert len(list(order.static_order())) == len(graph.modules)  # a circle raises CycleError and names it
