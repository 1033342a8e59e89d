"""The mutants of a file: mutmut's, each with the statement it changes and the names it may be known by."""

import ast
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import CodeType


@dataclass(frozen=True)
class Mutant:
    module: str
    path: Path
    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.before.strip()}  →  {self.after.strip()}"

    @cached_property
    def original(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def is_inside_a_function(self) -> bool:
        """Nothing but the body of a function differs, so that its code can take the place of the other."""
        return _heads(self.original) == _heads(self.source)

    @cached_property
    def statement(self) -> ast.stmt:
        """The smallest that holds the line."""
        holding = [
            node for node in ast.walk(ast.parse(self.original))
            if isinstance(node, ast.stmt) and first_line(node) <= self.line <= (node.end_lineno or 0)
        ]  # fmt: skip
        return min(holding, key=lambda node: (node.end_lineno or 0) - first_line(node))

    @property
    def lines(self) -> tuple[int, int]:
        """First and last of the statement; of one that holds others, such as `if`, those of its head."""
        body = getattr(self.statement, "body", None)
        last = body[0].lineno - 1 if body else self.statement.end_lineno or self.line
        return first_line(self.statement), max(last, self.line)

    @property
    def names(self) -> set[str]:
        """By which a changed declaration is known elsewhere: its own, or that of the class or function it belongs to."""
        top = next(
            node
            for node in ast.parse(self.original).body
            if first_line(node) <= self.line <= (node.end_lineno or 0)
        )
        found = {top.name} if isinstance(top, ast.ClassDef | ast.FunctionDef) else set()
        targets = getattr(self.statement, "targets", [getattr(self.statement, "target", None)])
        return found | {node.id for node in targets if isinstance(node, ast.Name)}


def first_line(node: ast.stmt) -> int:
    return min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])


@lru_cache(maxsize=64)
def _heads(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.body = [ast.Pass()]
    return ast.dump(tree)


def module_of(root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def mutants_of(root: Path, path: Path) -> Iterator[Mutant]:
    """Of every site in a file one. Words for people are left alone: pages are what proves them."""
    original = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for changed in _mutated(original, path):
        line, before, after = next(
            (n, *pair) for n, pair in enumerate(zip(original, changed, strict=False), 1) if pair[0] != pair[1]
        )
        is_another = _code("".join(changed)) not in (None, _code("".join(original)))
        if is_another and not (_changes_words(before, after) or _only_types(before)):
            yield Mutant(module_of(root, path), path.relative_to(root), line, before, after, "".join(changed))


def _mutated(lines: list[str], path: Path) -> Iterator[list[str]]:
    """Statement by statement: to parse a whole file for each mutant takes ten times as long."""
    import mutmut

    for node in ast.parse("".join(lines)).body:
        start, end = first_line(node) - 1, node.end_lineno or 0
        piece = "".join(lines[start:end])
        for site in mutmut.list_mutations(mutmut.Context(source=piece, filename=str(path))):
            context = mutmut.Context(source=piece, filename=str(path), mutation_id=site)
            changed, _count = mutmut.mutate(context)
            yield [*lines[:start], *changed.splitlines(keepends=True), *lines[end:]]


@lru_cache(maxsize=2)
def _code(source: str) -> CodeType | None:
    """None for what is no Python: nobody would have to find that."""
    try:
        return compile(source, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return None


def _changes_words(before: str, after: str) -> bool:
    """The marks of mutmut stand around a string that holds more than ASCII."""
    return after.count("XX") >= before.count("XX") + 2 and not before.isascii()


def _only_types(line: str) -> bool:
    """A signature, or the name of a type: what a type checker proves."""
    bare = line.strip()
    return (
        (bare.startswith(("def ", "class ")) and " | " in bare)
        or " = Callable[" in bare
        or " = TypeVar(" in bare
        or " = Any" in bare
    )


def sampled(mutants: list[Mutant], count: int) -> list[Mutant]:
    """The same ones for the same code, so that two measurements compare; drawn, so that a run broken off is a sample too."""
    return random.Random(len(mutants)).sample(mutants, min(count or len(mutants), len(mutants)))  # noqa: S311 - no secret


def lines_that_name(names: Iterable[str], files: Iterable[Path]) -> Iterator[tuple[Path, int]]:
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b")
    for path in files:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                yield path, number
