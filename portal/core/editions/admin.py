"""The editions and their chain: only ever added to, read here."""

from django.contrib import admin

from portal.core.accounts.capability_admin import Group, Place, ReadOnlyAdmin

from .models import Edition


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    read = "batches.read"
    menu_place = Place(Group.PUBLISHING, "版次", 30)
    list_display = ("number", "at", "cause", "subject", "short_head")
    list_filter = ("cause",)
    search_fields = ("subject",)
    search_help_text = "对象"
    fields = ("number", "at", "cause", "subject", "root", "head", "header")

    @admin.display(description="链头")
    def short_head(self, edition: Edition) -> str:
        return edition.head[:16]
