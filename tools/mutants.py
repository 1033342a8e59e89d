"""Change one thing in a rule, run the room's tests, and see whether one fails: a mutant that survives is a rule unproven.

    python -m tools.mutants [--rooms catalog/standing portal/core/workflow] [--since main] [--sample 50] [--reach FILE]
                            [--again FILE]

Without rooms, the files of the rooms of rules that differ from the branch `main`. The mutants are mutmut's. Which test runs
which line is found out first; then each mutant is put into a child of a run that has everything loaded, and asked of the
tests that run its line. Nothing on disk is changed, so one may go on working meanwhile.
"""

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import mutant_trial
from tools.mutant_making import Mutant, lines_that_name, mutants_of, sampled
from tools.mutant_reach import Reach, Watch
from tools.mutant_session import ANEW, LIVED, LIVES, TOLD, Session
from tools.mutant_trial import Trials

ROOT = Path(__file__).resolve().parent.parent
GOAL = 90
SECONDS = 20  # of tests, asked of one mutant


@dataclass(frozen=True)
class Room:
    """What is mutated, and the tests that are asked."""

    name: str
    code: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def files(self) -> list[Path]:
        found = [one for path in self.code for one in sorted((ROOT / path).rglob("*.py"))]
        found += [ROOT / path for path in self.code if path.endswith(".py")]
        return [one for one in found if "migrations" not in one.parts and one.exists()]


def text(name: str) -> Room:
    test = (f"tests/portal/core/text/test_{name}.py",)
    return Room(f"portal/core/text/{name}", (f"portal/core/text/{name}.py",), test)


def publication_tests(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/catalog/publication/test_{name}.py" for name in names)


ROOMS = (
    Room("catalog/standing", ("catalog/standing",), ("tests/catalog/standing",)),
    Room(
        "catalog/fields",
        ("catalog/fields",),
        ("tests/catalog/fields", "tests/catalog/imports/test_names_as_written.py"),
    ),
    Room(
        "catalog/publication: rules",
        tuple(
            f"catalog/publication/{part}"
            for part in ("compiling", "publishing", "standing.py", "publishers.py")
        ),
        (
            *publication_tests(
                "acts_in_the_chain", "adjustments", "batch_numbers", "commands", "desk_batch_page"
            ),
            *publication_tests(
                "desk_draft_page", "desk_entries", "desk_rehearsal", "entering", "freezing_meanwhile"
            ),
            *publication_tests(
                "desk_line_acts", "desk_pages", "desk_steps", "freezing", "holds", "lines_made"
            ),
            *publication_tests("mandates", "oldest_first", "pages_batch", "redaction", "redaction_large"),
            *publication_tests(
                "redaction_reach", "refused_acts", "restating", "standings", "verify", "workflow"
            ),
            "tests/catalog/fields/test_what_is_published.py",
        ),
    ),
    Room(
        "catalog/publication: search",
        ("catalog/publication/search", "catalog/publication/sought.py"),
        publication_tests("asking", "forgiving", "masks", "one_count", "rank", "search", "sought"),
    ),
    Room(
        "catalog/publication: what is shown",
        tuple(f"catalog/publication/{part}" for part in ("models", "exporting", "showing", "desk", "views")),
        ("tests/catalog/publication",),
    ),
    Room("portal/core/workflow", ("portal/core/workflow",), ("tests/portal/core/workflow",)),
    Room("portal/core/audit/changes", ("portal/core/audit/changes.py",), ("tests/portal/core/audit",)),
    *map(text, ("masking", "dates", "numbers", "uscc")),
)


def changed_files(since: str) -> set[Path]:
    """Committed or not, against where this branch left `since`."""
    base = _git("merge-base", since, "HEAD").strip()
    names = _git("diff", "--name-only", base) + _git("ls-files", "--others", "--exclude-standard")
    return {ROOT / name for name in names.splitlines()}


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def chosen(rooms: list[str], since: str) -> Iterator[tuple[Room, list[Path]]]:
    """Rooms with their files to mutate; a room is named by its path or by the path of one file in it."""
    changed = set() if rooms else changed_files(since)
    for room in ROOMS:
        wanted = [ROOT / name for name in rooms]
        files = [
            one
            for one in room.files
            if one in changed or any(path == one or path in one.parents for path in wanted)
        ]
        if files:
            yield room, files


@dataclass
class Measure:
    """One room: in one session what can be put in place there, and anew what cannot."""

    room: Room
    mutants: list[Mutant]
    trials: Trials
    reach: Path

    def chosen(self, mutant: Mutant, reach: Reach) -> list[str]:
        """The tests that run the changed lines; for a declaration those that name it, or run a line that names it."""
        if mutant.is_inside_a_function:
            first, last = mutant.lines
            return self._affordable(reach.tests_of(str(mutant.path), range(first, last + 1)), reach)
        files = {ROOT / test.partition("::")[0] for test in reach.seconds}
        naming = {str(path.relative_to(ROOT)) for path, _line in lines_that_name(mutant.names, files)}
        found = {test for test in reach.seconds if test.partition("::")[0] in naming}
        for path, line in lines_that_name(mutant.names, self.room.files):
            found |= {*reach.tests_of(str(path.relative_to(ROOT)), [line])}
        found = found or {*reach.tests_of_file(str(mutant.path))} or {*reach.seconds}
        return self._affordable(reach.quickest(found), reach)

    def _affordable(self, tests: list[str], reach: Reach) -> list[str]:
        """A survivor costs all its tests. Whoever has asked these without an answer is not answered by the rest."""
        total = 0.0
        found: list[str] = []
        for test in tests:
            total += reach.seconds[test]
            if found and total > SECONDS:
                break
            found.append(test)
        return found

    def survivors(self) -> list[Mutant]:
        self.trials.make_database()
        watch = Watch(self.reach, self.room.files)
        verdicts = self.trials.in_one_session(
            self.mutants, lambda answers: Session(self.mutants, watch, self.chosen, answers), self.room.tests
        )
        alive = {number for number, verdict in verdicts.items() if verdict == LIVES}
        alive |= self._survivors_anew([number for number, verdict in verdicts.items() if verdict == ANEW])
        return [self.mutants[number] for number in sorted(alive)]

    def _survivors_anew(self, numbers: list[int]) -> set[int]:
        reach = Reach.read(self.reach, self.room.files)
        if numbers and not self.trials.lives(None, reach.quickest(reach.seconds)[:3]):
            raise SystemExit("The tests fail where the portal is imported anew, nothing can be measured.")
        alive = set()
        for number in numbers:
            tests = self.chosen(self.mutants[number], reach) or reach.quickest(reach.seconds)[:1]
            if self.trials.lives(self.mutants[number], tests):
                print(f"{LIVED}{self.mutants[number]}", file=TOLD)
                alive.add(number)
        return alive


def measure(
    room: Room, files: Iterable[Path], sample: int, trials: Trials, reach: Path, again: set[str]
) -> str:
    """Try the mutants of a room, of `again` alone where these are given; tell of each survivor, and return the room's line of
    the table."""
    everything = [mutant for path in files for mutant in mutants_of(ROOT, path)]
    lived = [mutant for mutant in everything if str(mutant) in again]
    mutants = lived if again else sampled(everything, sample)
    print(f"\n{room.name}: {len(mutants)} of {len(everything)} mutants", flush=True)
    alive = Measure(room, mutants, trials, reach).survivors()
    killed = len(mutants) - len(alive)
    by_file = Counter(mutant.path.name for mutant in alive)
    print(f"  survivors by file: {dict(by_file)}" if alive else "  none survived")
    of = f" (a sample of {len(everything)})" if len(mutants) < len(everything) else ""
    return f"{room.name:<40}{killed:>6} of {len(mutants):<6}{100 * killed / max(1, len(mutants)):>6.1f} %{of}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rooms", nargs="*", default=[])
    parser.add_argument("--since", default="main")
    parser.add_argument("--sample", type=int, default=0, help="so many of each room, the same ones each time")
    parser.add_argument(
        "--reach", type=Path, help="keep in this file, one a room, which test runs which line"
    )
    parser.add_argument("--again", type=Path, help="what such a run printed: only what lived is asked again")
    asked = parser.parse_args(arguments)
    printed = asked.again.read_text().splitlines() if asked.again else []
    again = {line.removeprefix(LIVED) for line in printed if line.startswith(LIVED)}
    found = list(chosen(asked.rooms, asked.since))
    if not found:
        print("No file of a room of rules was named or has changed.")
        return 1 if asked.rooms else 0
    mutant_trial.load_libraries()
    with tempfile.TemporaryDirectory(prefix="portal-mutants-") as scratch:
        trials = Trials(Path(scratch))
        lines = []
        for number, (room, files) in enumerate(found):
            reach = asked.reach or Path(scratch) / f"reach-{number}.json"
            lines.append(measure(room, files, asked.sample, trials, reach, again))
    print(f"\nkilled, goal {GOAL} %\n" + "\n".join(lines), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
