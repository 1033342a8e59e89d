"""Campaigns and organisations: facts with a source, seeded, read here."""

from django.contrib import admin

from portal.accounts.capability_admin import Capabilities, ReadOnlyAdmin

from .models import Campaign, CampaignRole, Organisation


class RoleInline(Capabilities, admin.TabularInline):
    model = CampaignRole
    read = "registers.read"
    fields = ("role", "organisation", "source")
    extra = 0


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    read = "registers.read"
    list_display = ("name", "theme", "from_on", "until_on", "basis_number")
    inlines = (RoleInline,)


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    read = "registers.read"
    list_display = ("name", "short_name")
    search_fields = ("name", "short_name")
    search_help_text = "名称或简称"
