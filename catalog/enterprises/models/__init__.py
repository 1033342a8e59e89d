from .enterprises import Enterprise, EnterpriseQuerySet, FormerName
from .outlets import Outlet, OutletVersion

__all__ = ["Enterprise", "EnterpriseQuerySet", "FormerName", "Outlet", "OutletVersion"]
