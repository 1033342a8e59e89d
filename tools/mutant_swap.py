"""Change the running portal in place: the code of a function, or a value that a module declares."""

import ast
import gc
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType

from tools.mutant_making import Mutant

Place = tuple[str, int]


def swap(mutant: Mutant) -> bool:
    """Whether the portal runs with the mutant now. If not, it has to be imported in the module's place."""
    return _swap_code(mutant) if mutant.is_inside_a_function else _swap_value(mutant)


def _swap_code(mutant: Mutant) -> bool:
    """Whoever holds the function, decorated or under another name, runs the new code: the function stays the same one."""
    old, new = (_codes(text, str(mutant.path.resolve())) for text in (mutant.original, mutant.source))
    changed = [place for place in old if place in new and old[place] != new[place]]
    found = [one for one in _functions(mutant) if _place(one.__code__) in changed]
    for function in found:
        code = new[_place(function.__code__)]
        if len(code.co_freevars) != len(function.__code__.co_freevars):
            return False
        function.__code__ = code
    return bool(found)


def _functions(mutant: Mutant) -> Iterator[FunctionType]:
    for one in gc.get_objects():
        if type(one) is FunctionType and one.__code__.co_filename.endswith(str(mutant.path)):
            yield one


def _place(code: CodeType) -> Place:
    return code.co_qualname, code.co_firstlineno


def _codes(source: str, file: str) -> dict[Place, CodeType]:
    waiting, found = [compile(source, file, "exec", dont_inherit=True)], {}
    while waiting:
        code = waiting.pop()
        found[_place(code)] = code
        waiting += [one for one in code.co_consts if isinstance(one, CodeType)]
    return found


def _swap_value(mutant: Mutant) -> bool:
    """`NAME = value` of a module: in that module, and where the same value was imported under this name."""
    pairs = zip(ast.parse(mutant.original).body, ast.parse(mutant.source).body, strict=False)
    before, after = next(pair for pair in pairs if ast.dump(pair[0]) != ast.dump(pair[1]))
    name = _assigned(before)
    module = sys.modules.get(mutant.module)
    if module is None or not name or name != _assigned(after):
        return False
    scratch = dict(vars(module))
    exec(compile(ast.Module([after], []), str(mutant.path), "exec"), scratch)  # noqa: S102 - the portal's own source
    old = vars(module)[name]
    for other in [*sys.modules.values()]:
        if getattr(other, "__dict__", {}).get(name) is old:
            vars(other)[name] = scratch[name]
    return True


def _assigned(node: ast.stmt) -> str:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
    return ""
