"""File names of imports by the mark that they left on a row, each looked up once."""

from ..models import ImportRun
from ..sources import run_id_in


class SourceNames:
    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def of(self, source: str) -> str:
        """The name of the file that an import read; the mark itself when there is no such import."""
        if source not in self._names:
            run = ImportRun.objects.filter(pk=run_id_in(source)).select_related("file").first()
            self._names[source] = run.file.name if run else source
        return self._names[source]
