"""Divisions and pilots: facts with a source, seeded, read here."""

from django.contrib import admin

from portal.accounts.capability_admin import ReadOnlyAdmin

from .models import Division, PilotRegion


@admin.register(Division)
class DivisionAdmin(ReadOnlyAdmin):
    read = "registers.read"
    list_display = ("code", "full_name", "level")
    list_select_related = ("parent__parent",)
    list_filter = ("level",)
    search_fields = ("code", "name")
    search_help_text = "代码或名称"


@admin.register(PilotRegion)
class PilotRegionAdmin(ReadOnlyAdmin):
    read = "registers.read"
    list_display = ("division", "approval_batch", "year", "launched_on", "launch_place")
    list_select_related = ("division",)
