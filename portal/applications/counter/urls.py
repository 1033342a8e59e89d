"""Addresses of the counter."""

from django.urls import path

from . import cases, home
from .enterprise import calendars, people_views
from .enterprise import overview as enterprises
from .making import beginning, filling, finding, handing, letters, lines, papers, sent, workbooks

app_name = "counter"
ENTERPRISE = "enterprises/<str:uscc>/"
CASE = "cases/<slug:number>/"
urlpatterns = [
    path("", home.home, name="home"),
    path("find/", finding.find, name="find"),
    path("register/", finding.begin_registration, name="begin_registration"),
    path("template.xlsx", workbooks.template, name="workbook_template"),
    path("calendar/<str:secret>.ics", calendars.ics, name="ics"),
    path("invitations/<str:token>/", people_views.invitation, name="invitation"),
    path(ENTERPRISE, enterprises.enterprise, name="enterprise"),
    path(f"{ENTERPRISE}products/", enterprises.products, name="enterprise_products"),
    path(f"{ENTERPRISE}begin/<slug:kind>/", beginning.begin, name="begin"),
    path(f"{ENTERPRISE}people/", people_views.members, name="people"),
    path(f"{ENTERPRISE}people/<int:member>/role/", people_views.change_role, name="change_role"),
    path(f"{ENTERPRISE}people/<int:member>/end/", people_views.end, name="end_membership"),
    path(f"{ENTERPRISE}invitations/<int:invitation>/cancel/", people_views.cancel, name="cancel_invitation"),
    path(f"{ENTERPRISE}calendar/", calendars.calendar, name="calendar"),
    path(f"{ENTERPRISE}calendar/revoke/", calendars.revoke, name="revoke_calendar"),
    path(CASE, cases.case, name="case"),
    path(f"{CASE}fill/", filling.fill, name="fill"),
    path(f"{CASE}products/", lines.lines, name="products"),
    path(f"{CASE}products/<int:item>/", lines.line, name="line"),
    path(f"{CASE}products/<int:item>/copy/", lines.copy_line, name="copy_line"),
    path(f"{CASE}products/<int:item>/remove/", lines.remove_line, name="remove_line"),
    path(f"{CASE}workbook/", workbooks.upload, name="workbook"),
    path(f"{CASE}workbook/<int:workbook>/", workbooks.found, name="workbook_found"),
    path(f"{CASE}workbook/<int:workbook>/marked.xlsx", workbooks.marked, name="workbook_marked"),
    path(f"{CASE}workbook/<int:workbook>/take/", workbooks.take, name="workbook_take"),
    path(f"{CASE}papers/", papers.papers, name="papers"),
    path(f"{CASE}papers/<int:document>/", papers.show, name="paper"),
    path(f"{CASE}papers/<int:document>/remove/", papers.remove, name="remove_paper"),
    path(f"{CASE}letter.pdf", letters.letter, name="letter"),
    path(f"{CASE}hand-in/", handing.hand_in, name="hand_in"),
    path(f"{CASE}withdraw/", handing.take_back, name="take_back"),
    path(f"{CASE}discard/", handing.throw_away, name="discard"),
    path(f"{CASE}support/", handing.support, name="support"),
    path(f"{CASE}message/", cases.message, name="message"),
    path(f"{CASE}sent/<int:ordinal>/", sent.copy, name="sent"),
]
