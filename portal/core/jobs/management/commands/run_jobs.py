"""`manage.py run_jobs`: one worker, until it is told to end."""

from django.core.management.base import BaseCommand

from portal.core.jobs.worker import worker


class Command(BaseCommand):
    help = "Does the jobs that pages order: reading of imports, letters, the search index. Ends on SIGTERM or Ctrl-C."
    requires_migrations_checks = False
    requires_system_checks: list = []

    def handle(self, *args: object, **options: object) -> None:
        worker().run()
