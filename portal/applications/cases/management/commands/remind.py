"""manage.py remind: tells enterprises of certificates that end and cases that wait for them. Run it daily."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.applications.cases import reminding
from portal.core.editions import clock


class Command(BaseCommand):
    help = "Remind enterprises of certificates that end (90, 30, 7 days, ended) and of cases returned to them (14, 30 days)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--dry-run", action="store_true", help="list what is due and send nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        if options["dry_run"]:
            for reminder in reminding.due(today):
                self.stdout.write(reminder.key)
            return
        self.stdout.write(f"{reminding.send_all(today)} reminders sent.")
