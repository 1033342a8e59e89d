"""Mutants in a process that has the portal loaded: a room's modules are executed anew in the place where they are."""

import gc
import importlib
import sys
from collections.abc import Iterator, Sequence
from types import ModuleType

from tools.mutant_trial import Mutant, run_tests

PASSES = 3  # a module sees the newest of what it imports once that was executed before it


def load(modules: Sequence[str]) -> None:
    import django

    django.setup()
    for name in ("django.urls", "portal.urls", "hypothesis", *modules):
        importlib.import_module(name)
    gc.freeze()  # what is loaded is no garbage: a child that looked through it would copy it all


def try_anew(mutant: Mutant | None, modules: Sequence[str], tests: Sequence[str]) -> int:
    found = [sys.modules[name] for name in modules if can_be_executed_anew(name)]
    for _number in range(PASSES):
        for module in found:
            exec(_code(module, mutant), module.__dict__)  # noqa: S102 - the portal's own source, changed in one place
    return run_tests(tests)


def _code(module: ModuleType, mutant: Mutant | None):
    file = str(module.__file__)
    if mutant is not None and mutant.module == module.__name__:
        return compile(mutant.source, file, "exec", dont_inherit=True)
    with open(file, encoding="utf-8") as source:
        return compile(source.read(), file, "exec", dont_inherit=True)


def can_be_executed_anew(name: str) -> bool:
    """What registers itself somewhere, as models and admin pages do, would be there twice."""
    return not name.endswith((".admin", ".apps", ".urls", ".tasks")) and not any(
        _own_models(sys.modules[name])
    )


def _own_models(module: ModuleType) -> Iterator[bool]:
    for value in vars(module).values():
        yield hasattr(value, "_meta") and getattr(value, "__module__", "") == module.__name__
