"""The mark that rows written by an import carry in batch entries and before-images: `import:12`."""

_MARK = "import:"


def source_of(run_id: int) -> str:
    return f"{_MARK}{run_id}"


def is_import(source: str) -> bool:
    return source.startswith(_MARK)


class SourceNames:
    """File names of imports by their mark, each looked up once."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def of(self, source: str) -> str:
        """The name of the file that an import read; the mark itself when there is no such import."""
        from .models import ImportRun

        if source not in self._names:
            run = ImportRun.objects.filter(pk=source.removeprefix(_MARK)).select_related("file").first()
            self._names[source] = run.file.name if run else source
        return self._names[source]
