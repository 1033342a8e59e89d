"""manage.py remind: tells enterprises of certificates that end and cases that wait for them. Run it daily."""

from django.core.management.base import BaseCommand, CommandParser

from portal.applications.cases import reminding
from portal.core.editions import clock


class Command(BaseCommand):
    help = "Remind enterprises of certificates that end (90, 30, 7 days, ended) and of cases returned to them (14, 30 days)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="list what is due and send nothing")

    def handle(self, *args: object, **options: object) -> None:
        today = clock.today()
        if options["dry_run"]:
            for reminder in reminding.due(today):
                self.stdout.write(reminder.key)
            return
        self.stdout.write(f"{reminding.send_all(today)} reminders sent.")
