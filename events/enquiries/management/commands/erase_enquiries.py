"""Erase the personal data of enquiries that ended longer ago than they are kept."""

from typing import Any

from django.core.management.base import BaseCommand

from events.enquiries.erasing import due, erase_enquiry


class Command(BaseCommand):
    help = "Erase names, texts and pictures of enquiries that ended more than ENQUIRY_KEEP_DAYS ago. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        enquiries = list(due())
        for enquiry in enquiries:
            erase_enquiry(enquiry)
        self.stdout.write(f"已清除 {len(enquiries)} 件。")
