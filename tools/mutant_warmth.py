"""Mutants in a process that has the portal loaded: a room's modules are executed anew in the place where they are."""

import ast
import gc
import importlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType

from tools.mutant_trial import Mutant, run_tests


def load(modules: Sequence[str]) -> None:
    import django

    django.setup()
    for name in ("django.urls", "portal.urls", "hypothesis", *modules):
        importlib.import_module(name)
    gc.freeze()  # what is loaded is no garbage: a child that looked through it would copy it all


def try_anew(mutant: Mutant | None, modules: Sequence[str], tests: Sequence[str]) -> int:
    for module in _in_the_order_of_imports([name for name in modules if can_be_executed_anew(name)]):
        exec(_code(module, mutant), module.__dict__)  # noqa: S102 - the portal's own source, changed in one place
    return run_tests(tests)


def _in_the_order_of_imports(names: Sequence[str]) -> Iterator[ModuleType]:
    """What a module imports comes before it: a class that is executed anew is another class, and must not come later."""
    graph = {name: {*_imported(sys.modules[name])} & {*names} - {name} for name in names}
    return (sys.modules[name] for name in TopologicalSorter(graph).static_order())


def _imported(module: ModuleType) -> Iterator[str]:
    """Names of what a module imports while it is imported itself: modules, and what may be one."""
    for node in ast.parse(_source(module)).body:
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = importlib.util.resolve_name("." * node.level + (node.module or ""), module.__package__)
            yield from (package, *(f"{package}.{one.name}" for one in node.names))


def _code(module: ModuleType, mutant: Mutant | None):
    file = str(module.__file__)
    if mutant is not None and mutant.module == module.__name__:
        return compile(mutant.source, file, "exec", dont_inherit=True)
    return compile(_source(module), file, "exec", dont_inherit=True)


def _source(module: ModuleType) -> str:
    return Path(str(module.__file__)).read_text(encoding="utf-8")


def can_be_executed_anew(name: str) -> bool:
    """What registers itself somewhere, as models and admin pages do, would be there twice."""
    return not name.endswith((".admin", ".apps", ".urls", ".tasks")) and not any(
        _own_models(sys.modules[name])
    )


def _own_models(module: ModuleType) -> Iterator[bool]:
    for value in vars(module).values():
        yield hasattr(value, "_meta") and getattr(value, "__module__", "") == module.__name__
