"""Inspect the site, or try to reach it once."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core.editions import clock
from portal.core.workflow import NotAllowed
from portal.site.inspection.checks import Check, faults_of
from portal.site.inspection.probing import probe, reachable
from portal.site.inspection.reading import read_site
from portal.site.inspection.table import all_checks, csv_table, present


class Command(BaseCommand):
    help = (
        "Measure on the site itself what inspections of official sites ask for: reachability, age of the columns, empty "
        "columns, undated articles, dead links and attachments, unanswered messages. Ends with 1 when something is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--probe",
            metavar="URL",
            help="only try to open URL (15 s) and keep the outcome; run it every few minutes. Our own host or this machine.",
        )
        parser.add_argument("--csv", action="store_true", help="print the table of the quarter as CSV")

    def handle(self, *args: object, probe: str | None, csv: bool, **options: object) -> None:
        if probe:
            checks, is_wrong = self._probe(probe)
        else:
            read_site()
            checks = all_checks()
            is_wrong = bool(faults_of(checks))
        if csv:
            self.stdout.write(csv_table(checks, clock.today()), ending="")
        else:
            self._tell(checks)
        if is_wrong:
            raise SystemExit(1)

    def _probe(self, url: str) -> tuple[list[Check], bool]:
        try:
            tried = probe(url)
        except NotAllowed as refusal:
            raise CommandError(f"refused: {refusal.rule}\n{refusal}") from refusal
        self.stderr.write(f"{tried.url}：{tried.fault or f'打开了，{tried.milliseconds} 毫秒'}")
        checks = [reachable(present())]
        return checks, bool(tried.fault) or bool(faults_of(checks))

    def _tell(self, checks: list[Check]) -> None:
        for check in checks:
            self.stdout.write(
                f"【{check.verdict}】{check.item}：{check.measured}（要求：{check.requirement}）"
            )
            for finding in check.findings:
                self.stdout.write(f"    {finding}")
        wrong = len(faults_of(checks))
        undone = [check.item for check in checks if not check.is_done]
        if undone:
            self.stdout.write(f"没有测到，不算合格：{'、'.join(undone)}。")
        self.stdout.write(f"共 {len(checks)} 项，{f'{wrong} 个问题' if wrong else '没有发现问题'}。")
