"""The inspection that runs by itself."""

from portal.core.schedule.acts import Report

from .checks import faults_of
from .reading import read_site
from .table import all_checks


def by_itself() -> Report:
    """Reads every page of the site once, then measures all items."""
    read_site()
    faults = faults_of(all_checks())
    if not faults:
        return Report("各项正常。")
    named = "、".join(dict.fromkeys(str(fault) for fault in faults))
    return Report(f"{len(faults)} 处须看：{named[:300]}。", is_good=False)
