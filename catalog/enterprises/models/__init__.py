from .enterprises import Enterprise, EnterpriseQuerySet, FormerName
from .memberships import Membership
from .outlets import Outlet, OutletVersion

__all__ = ["Enterprise", "EnterpriseQuerySet", "FormerName", "Membership", "Outlet", "OutletVersion"]
