"""The mark that rows written by an approval carry in batch entries."""

from portal.applications.cases.models import Application


def source_of(application: Application) -> str:
    return f"case {application.number}"
