"""Bring the project's facts into the database."""

from django.core.management.base import BaseCommand
from django.db import transaction

from catalog.campaigns import facts as campaigns
from catalog.products import facts as products
from catalog.regions import facts as regions
from events.activities import facts as activities
from events.commitments import facts as commitments
from events.notices import facts as notices
from events.online import facts as online
from portal.core.audit.record import record
from portal.core.facts import Tally
from portal.core.workdays import facts as workdays
from portal.core.workflow.facts import publish_facts

ROOMS = (
    workdays,
    regions,
    products,
    campaigns,
    notices,
    activities,
    commitments,
    online,
)  # later ones rest on earlier ones


class Command(BaseCommand):
    help = (
        "Add holidays, divisions, pilots, categories, certification bodies, campaigns, notices, activities, "
        "commitments and online platforms that the database lacks. What is there is left as it is, so a second run "
        "changes nothing."
    )

    def handle(self, *args: object, **options: object) -> None:
        with transaction.atomic():
            tallies = publish_facts(room.prepare for room in ROOMS)
            if any(tally.added for tally in tallies):
                record("facts.seeded", added={tally.label: tally.added for tally in tallies if tally.added})
        for tally in tallies:
            self.stdout.write(told(tally))
        if not any(tally.added for tally in tallies):
            self.stdout.write("没有改动：基础事实数据都已在库中。")


def told(tally: Tally) -> str:
    edited = f"，其中 {tally.different} 条与数据文件不同，保留库中的内容" if tally.different else ""
    return f"{tally.label}：新增 {tally.added}，已有 {tally.kept}{edited}"
