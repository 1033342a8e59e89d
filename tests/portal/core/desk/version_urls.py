"""Addresses of a desk that has one page of versions: what `test_version_admin` walks through."""

from django import forms
from django.urls import path

from events.notices.models import NoticeVersion
from portal.core.desk.site import DeskSite
from portal.core.desk.version_admin import VersionAdmin
from portal.urls import urlpatterns as house


class NoticeForm(forms.ModelForm):
    class Meta:
        model = NoticeVersion
        fields = (
            "kind",
            "title",
            "dated_on",
            "dated_precision",
            "body",
            "source",
            "publish_on",
            "change_note",
        )


class NoticeVersionAdmin(VersionAdmin):
    form = NoticeForm
    list_display = ("title", "standing")
    public_name = "notices:detail"

    def faults(self, version):
        return [] if version.body else ["缺少正文。"]

    def warnings(self, version):
        return ["「最佳」是广告用语"] if "最佳" in version.body else []


site = DeskSite()
site.register(NoticeVersion, NoticeVersionAdmin)
urlpatterns = [path("admin/", site.urls), *house]
