"""The calendar of working days, edited when the State Council has announced the holidays of a year."""

from django.contrib import admin

from portal.core.accounts.capability_admin import CapabilityAdmin

from .models import CalendarDay


@admin.register(CalendarDay)
class CalendarDayAdmin(CapabilityAdmin):
    read, edit = "calendar.read", "calendar.edit"
    list_display = ("day", "is_workday", "reason", "source")
    list_filter = ("is_workday",)
    date_hierarchy = None
    actions = ()
