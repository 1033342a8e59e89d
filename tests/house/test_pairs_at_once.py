"""Any two acts of the public door at the same moment, over real connections: each is done whole, or refused in a sentence.

In the suite every pair is tried once. PAIR_ROUNDS=50 tries each fifty times with other stops; PAIR_SEED sets where the
stops begin, and stands in the message of a failure.
"""

import io
import os
import random
from itertools import combinations_with_replacement, count, islice
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.publishing import workflow
from catalog.publication.publishing.redaction import Redaction
from catalog.publication.publishing.verify import all_faults
from portal.core.editions.models import Edition
from portal.core.workflow import NotAllowed
from tests.catalog.publication.test_redaction import tables_with_any

from .acts_at_once import ACTS, SENT_BACK, People, PublicAct, TwoAtOnce, World, prepared

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres_only, pytest.mark.long]

ROUNDS = int(os.environ.get("PAIR_ROUNDS", "1"))
SEED = int(os.environ.get("PAIR_SEED", "1"))
VERSION_ACTS = [act for act in ACTS if act.name.endswith("version")]
PAIRS = [*combinations_with_replacement(ACTS, 2), *((SENT_BACK, act) for act in (*VERSION_ACTS, SENT_BACK))]
numbers = count(1)


@pytest.fixture(autouse=True)
def _index_job_later(monkeypatch):
    """The job that a submission leaves behind is done when the pair is through: `World.end` does what it would."""
    monkeypatch.setattr(workflow, "prepare_index", SimpleNamespace(enqueue=lambda batch: None))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_two_acts_at_once_are_each_done_whole_or_refused(number):
    people = People()
    with TwoAtOnce(people, random.Random(SEED + number)) as two:
        wrong, redacted = taken_in_pairs(people, two)
    wrong += [*map(str, all_faults()), *index_faults(), *left_of(redacted)]
    assert wrong == [], f"PAIR_SEED={SEED + number}"


def taken_in_pairs(people: People, two: TwoAtOnce) -> tuple[list[str], list[str]]:
    """What went wrong in which pair, and the words that were redacted."""
    wrong: list[str] = []
    redacted: list[str] = []
    for pair, world in zip(PAIRS, World.many(islice(numbers, len(PAIRS)), people), strict=True):
        ready = prepared(world, *pair)
        before = Edition.objects.current_number()
        outcomes = two.take(ready)
        done = [act for act, outcome in zip(pair, outcomes, strict=True) if is_done(outcome)]
        found = [*untold(outcomes), *miscounted(done, before)]
        redacted += [world.secret(act.redacts) for act in done if act.redacts]
        if any(act.redacts for act in pair):
            world.carry_on()
        world.end()
        wrong += [f"{' + '.join(act.name for act in pair)}: {fault}" for fault in found + broken_lines(world)]
    return wrong, redacted


def is_done(outcome) -> bool:
    """Neither refused, nor a redaction that only helped the other to end what lies behind the door."""
    has_helped = isinstance(outcome, Redaction) and outcome.edition is None
    return not isinstance(outcome, Exception) and not has_helped


def untold(outcomes) -> list[str]:
    """Whatever is raised beside a refusal that says in a sentence what to do."""
    raised = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    return [repr(error) for error in raised if not (isinstance(error, NotAllowed) and "。" in error.sentence)]


def miscounted(done: list[PublicAct], before: int) -> list[str]:
    editions, acts = Edition.objects.current_number() - before, sum(act.opens_edition for act in done)
    return [] if editions == acts else [f"{editions} editions for {acts} acts"]


def broken_lines(world: World) -> list[str]:
    """A redacted field that lost its entry or got its salt back, on public lines and on frozen ones."""
    return [
        f"{line.key} {field}"
        for model in (EnterpriseLine, ProductLine)
        for line in model.objects.filter(enterprise=world.enterprise)
        for field in line.broken_fields()
    ]


def index_faults() -> list[str]:
    """What `build_index --check` says is missing, or left of lines that were dropped and words that were redacted."""
    said = io.StringIO()
    try:
        call_command("build_index", check=True, stdout=said)
    except SystemExit:
        return said.getvalue().splitlines()
    return []


def left_of(redacted: list[str]) -> list[str]:
    return [f"{word} in {table}" for table, word in tables_with_any(redacted)]
