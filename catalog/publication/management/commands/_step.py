"""What the commands that take a batch one step further have in common."""

import sys

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from catalog.publication.compiling.problems import BatchRefused
from catalog.publication.models import Batch
from portal.core.workflow import NotAllowed


class BatchStepCommand(BaseCommand):
    """Takes SLUG --by USER; prints `refused: <rule>` and sentences, and exits 1, when the step is refused."""

    def add_arguments(self, parser):
        parser.add_argument("slug", help="批次编号，如 2022-1")
        parser.add_argument("--by", required=True, metavar="USER", help="办理人的账号")

    def handle(self, *args, slug, by, **options):
        try:
            self.stdout.write(self.step(self._batch(slug), self._person(by), options))
        except NotAllowed as refusal:
            self.stdout.write(f"refused: {refusal.rule}")
            sentences = refusal.problems if isinstance(refusal, BatchRefused) else [refusal.sentence]
            for sentence in sentences[:50]:
                self.stdout.write(str(sentence))
            sys.exit(1)

    def step(self, batch: Batch, by, options) -> str:
        """Take the step; returns the sentence to print."""
        raise NotImplementedError

    def _batch(self, slug: str) -> Batch:
        batch = Batch.objects.filter(slug=slug).first()
        if batch is None:
            raise NotAllowed("batch.unknown", f"没有编号为「{slug}」的批次。")
        return batch

    def _person(self, username: str):
        person = get_user_model().objects.filter(username=username).first()
        if person is None:
            raise NotAllowed("user.unknown", f"没有「{username}」这个账号。")
        return person
