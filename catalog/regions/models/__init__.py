from .divisions import Division, province_of
from .pages import RegionPage, RegionVersion
from .subsidies import SubsidyRule, SubsidyVersion

__all__ = [
    "Division",
    "RegionPage",
    "RegionVersion",
    "SubsidyRule",
    "SubsidyVersion",
    "province_of",
]
