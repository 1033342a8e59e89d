"""`manage.py run_schedule`: orders what is due, until it is told to end."""

from django.core.management.base import BaseCommand

from portal.core.jobs.clock import Clock


class Command(BaseCommand):
    help = "Orders what the portal does by itself at set times; the workers do it. Ends on SIGTERM or Ctrl-C."
    requires_migrations_checks = False
    requires_system_checks: list = []

    def handle(self, *args: object, **options: object) -> None:
        Clock().run()
