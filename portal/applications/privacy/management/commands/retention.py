"""Say what is kept longer than its time, and take it away with --apply."""

from django.core.management.base import BaseCommand, CommandParser

from portal.applications.privacy.retention import expire, overdue


class Command(BaseCommand):
    help = "List personal data whose time is over, by line of the inventory; --apply takes them away. Run it daily with --apply."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="take the rows away after they were listed")

    def handle(self, *args: object, apply: bool, **options: object) -> None:
        found = list(overdue())
        for due in found:
            oldest = f"，最早 {due.oldest}" if due.oldest else ""
            self.stdout.write(
                f"{due.record_kind.label}（期限：{due.record_kind.keep}）：到期 {due.count} 条{oldest}"
            )
        total = sum(due.count for due in found)
        if not apply:
            self.stdout.write(f"共 {total} 条。没有删除任何内容；加 --apply 才会清除。")
            return
        done = sum(expire(due) for due in found if due.count)
        self.stdout.write(f"已清除 {done} 条。")
