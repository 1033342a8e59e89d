"""The acts of the public door, and a small world for each pair of them in which both can be taken at the same moment."""

import random
import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from threading import Barrier
from typing import Any

from django.db import connection, connections

from catalog.products.checks import record_check
from catalog.publication.compiling import compile
from catalog.publication.models import Batch, ProductLine
from catalog.publication.publishing import holds, workflow
from catalog.publication.publishing.redaction import redact
from catalog.publication.search.preparation import ensure_prepared
from events.notices import workflow as notices
from events.notices.models import Notice, NoticeVersion
from portal.core.accounts.models import User
from portal.core.editions import clock
from portal.core.workflow import NotAllowed, versions
from tests.make import make_batch, make_certificate, make_enterprise, make_product, make_user, publish

State = Batch.State
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)|.*FOR (NO KEY )?UPDATE", re.DOTALL)
SHARE_OF_STOPS = 0.3
LONGEST_STOP = 0.005
PATIENCE = 60


class People:
    """Accounts that may do everything: the maker writes and submits, the others decide."""

    def __init__(self) -> None:
        self.maker, self.one, self.other = (make_user(is_superuser=True) for _ in range(3))


@dataclass
class World:
    """One enterprise with a listed product, up to two batches that change it, a notice with a second version in review.

    Every name that a redaction takes away ends with the number of the world, and nothing else does.
    """

    number: int
    people: People
    batches: dict[str, Batch] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.enterprise = make_enterprise(name=f"某甲{self.number:05d}号经营部")
        self.certificate = make_certificate()
        self.product = make_product(
            enterprise=self.enterprise, certificate=self.certificate, brand=f"某乙{self.number:05d}号牌"
        )

    @classmethod
    def many(cls, numbers: Iterable[int], people: People) -> list["World"]:
        """Worlds whose products were all listed by one batch."""
        worlds = [cls(number, people) for number in numbers]
        listing = worlds[0]._draft("batch", 0)
        compile.enter_products(listing, [world.product for world in worlds], by=people.maker)
        compile.enter_missing_enterprises(listing, by=people.maker)
        publish(listing)
        return worlds

    @cached_property
    def key(self) -> str:
        return ProductLine.objects.current().get(product=self.product).key

    @cached_property
    def version(self) -> NoticeVersion:
        """The second one of a public notice, in review."""
        notice = Notice.objects.create()
        first = notices.submit(self._version(notice, "第一稿"), by=self.people.maker)
        notices.publish(first, by=self.people.one)
        return notices.submit(self._version(notice, "第二稿"), by=self.people.maker)

    def secret(self, field_name: str) -> str:
        return f"某{'乙' if field_name == 'brand' else '甲'}{self.number:05d}号"

    def batch(self, kind: str, state: str, days: int) -> Batch:
        """A batch of the kind that changes the product, taken as far as the state; the same one when asked twice."""
        if kind not in self.batches:
            self.batches[kind] = self._taken_to(state, self._changing(kind, days))
        return self.batches[kind]

    def end(self) -> None:
        """No open batch stays behind: there is one draft a kind, and the index job would have looked at each."""
        for batch in self.batches.values():
            batch.refresh_from_db()
            if batch.state == State.IN_NOTICE:
                batch = workflow.stop_notice(batch, by=self.people.one, reason="到此为止")
            if batch.state in workflow.CANCEL.sources:
                workflow.cancel(batch, by=self.people.one, reason="到此为止")
            elif batch.state != State.CANCELLED or batch.notice_edition_id:
                ensure_prepared(batch)

    def carry_on(self) -> None:
        """What people would do next: take both batches to the public, as far as they are let."""
        for batch in self.batches.values():
            try:
                self._taken_to(State.PUBLISHED, batch)
            except NotAllowed:
                continue

    def _draft(self, kind: str, days: int) -> Batch:
        ordinal = Batch.objects.filter(kind=kind).count() + 1
        return make_batch(by=self.people.maker, kind=kind, ordinal=ordinal, notice_days=days)

    def _changing(self, kind: str, days: int) -> Batch:
        batch = self._draft(kind, days)
        self.product.refresh_from_db()
        self.enterprise.refresh_from_db()
        self.product.models_text = f"{kind} {self.number}"
        self.enterprise.website = f"https://{kind}-{self.number}.example/"
        self.product.save()
        self.enterprise.save()
        compile.enter_products(batch, [self.product], by=self.people.maker)
        compile.enter_enterprises(batch, [self.enterprise], by=self.people.maker)
        return batch

    def _taken_to(self, state: str, batch: Batch) -> Batch:
        batch.refresh_from_db()
        steps = {
            State.DRAFT: lambda: workflow.submit(batch, by=self.people.maker),
            State.SUBMITTED: lambda: workflow.approve(batch, by=self.people.other, digest=batch.digest),
            State.APPROVED: lambda: (workflow.publish if state == State.PUBLISHED else workflow.open_notice)(
                batch, by=self.people.other
            ),
        }
        while batch.state != state and State(batch.state) in steps:
            batch = steps[State(batch.state)]()
            if batch.state == State.SUBMITTED:
                ensure_prepared(batch)
        return batch

    def _version(self, notice: Notice, title: str) -> NoticeVersion:
        version = versions.new_version(NoticeVersion, notice, by=self.people.maker)
        values = {
            "kind": "news",
            "title": title,
            "dated_on": clock.today(),
            "source": "推进组",
            "body": "正文",
        }
        for name, value in (values | {"change_note": title}).items():
            setattr(version, name, value)
        version.save()
        return version


@dataclass(frozen=True)
class PublicAct:
    """One act of the door. `does(world, by, kind)` takes it; `needs` is the state and the notice days of its batch."""

    name: str
    does: Callable[[World, User, str], Any]
    needs: tuple[tuple[str, int], ...] = ()
    opens_edition: bool = True
    redacts: str = ""


def _step(name: str, opens: bool, *needs: tuple[str, int], **more: str) -> PublicAct:
    def does(world: World, by: User, kind: str) -> Any:
        return getattr(workflow, name)(world.batches[kind], by=by, **more)

    return PublicAct(name, does, needs, opens)


def _redaction(field_name: str) -> PublicAct:
    return PublicAct(
        f"redact {field_name}",
        lambda world, by, _kind: redact(world.key, field_name, basis="当事人申请", by=by),
        redacts=field_name,
    )


ACTS = (
    _step("submit", False, (State.DRAFT, 0)),
    _step("approve", False, (State.SUBMITTED, 0)),
    _step("send_back", False, (State.SUBMITTED, 0), (State.APPROVED, 0), (State.APPROVED, 1), reason="有误"),
    _step("open_notice", True, (State.APPROVED, 1)),
    _step("publish", True, (State.APPROVED, 0)),
    _step(
        "cancel",
        False,
        (State.DRAFT, 0),
        (State.SUBMITTED, 0),
        (State.APPROVED, 0),
        (State.APPROVED, 1),
        reason="不办了",
    ),
    _step("stop_notice", True, (State.IN_NOTICE, 1), reason="有异议"),
    PublicAct(
        "set hold", lambda world, by, _kind: holds.set_hold(world.enterprise, by=by, reason="核对资质")
    ),
    PublicAct("lift hold", lambda world, by, _kind: holds.lift_hold(world.product, by=by, reason="核对无误")),
    PublicAct(
        "check certificate",
        lambda world, by, _kind: record_check(world.certificate, by=by, result="valid"),
    ),
    _redaction("brand"),
    _redaction("enterprise_name"),
    PublicAct("publish version", lambda world, by, _kind: notices.publish(world.version, by=by)),
    PublicAct(
        "withdraw version",
        lambda world, by, _kind: notices.withdraw(world.version.notice, by=by, reason="内容有误"),
    ),
)
SENT_BACK = PublicAct(
    "send version back",
    lambda world, by, _kind: notices.send_back(world.version, by=by, reason="请补充"),
    opens_edition=False,
)


def prepared(world: World, one: PublicAct, other: PublicAct) -> list[Callable[[User], Any]]:
    """Both acts, ready to be taken: on one batch where both can start from one state, on two of one product where not."""
    if "lift hold" in (one.name, other.name):
        holds.set_hold(world.product, by=world.people.maker, reason="核对资质")
    common = [need for need in one.needs if need in other.needs]
    kinds = ("adjustment", "adjustment") if common else ("adjustment", "erratum")
    for act, kind in zip((one, other), kinds, strict=True):
        if act.needs:
            world.batch(kind, *(common or act.needs)[0])
    if (one.redacts or other.redacts) and not (one.needs or other.needs):
        world.batch("adjustment", State.SUBMITTED, 0)
    if "version" in one.name + other.name:
        assert world.version
    assert world.key
    return [
        lambda by, act=act, kind=kind: act.does(world, by, kind)
        for act, kind in zip((one, other), kinds, strict=True)
    ]


class TwoAtOnce:
    """Two threads, each with a connection of its own, that take acts at the same moment with short stops before they write
    or lock. `chance` says where they stop.
    """

    def __init__(self, people: People, chance: random.Random) -> None:
        self.people, self.chance = people, chance
        self.barrier = Barrier(2)
        self.threads = ThreadPoolExecutor(max_workers=2)

    def __enter__(self) -> "TwoAtOnce":
        return self

    def __exit__(self, *_error: object) -> None:
        self._both([lambda _by: connections.close_all()] * 2)
        self.threads.shutdown()

    def take(self, acts: list[Callable[[User], Any]]) -> list[Any]:
        """The outcome of each: its result, or what it raised."""
        return self._both([self._stopping(act, random.Random(self.chance.random())) for act in acts])

    def _both(self, acts: list[Callable[[User], Any]]) -> list[Any]:
        pairs = zip(acts, (self.people.one, self.people.other), strict=True)
        waiting = [self.threads.submit(self._one, act, by) for act, by in pairs]
        return [outcome.result(timeout=PATIENCE) for outcome in waiting]

    def _one(self, act: Callable[[User], Any], by: User) -> Any:
        self.barrier.wait(timeout=PATIENCE)
        try:
            return act(by)
        except Exception as error:
            return error

    @staticmethod
    def _stopping(act: Callable[[User], Any], stops: random.Random) -> Callable[[User], Any]:
        def stop(execute: Any, sql: str, *rest: Any) -> Any:
            if WRITES.match(sql) and stops.random() < SHARE_OF_STOPS:
                time.sleep(stops.random() * LONGEST_STOP)
            return execute(sql, *rest)

        def act_with_stops(by: User) -> Any:
            with connection.execute_wrapper(stop):
                return act(by)

        return act_with_stops
