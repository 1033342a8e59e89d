"""Addresses of letters, clause templates, agreements and adoptions."""

from django.urls import path

from portal.core.pages import converters  # noqa: F401 - registers `record`

from .views import adoptions, agreements, letters, templates

app_name = "commitments"
urlpatterns = [
    path("", letters.letter_list, name="list"),
    path("<record:number>/", letters.letter_detail, name="letter"),
    path("templates/", templates.template_list, name="templates"),
    path("templates/<record:number>/", templates.template_detail, name="template"),
    path("templates/<record:number>/difference/", templates.template_difference, name="difference"),
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements/<record:number>/", agreements.agreement_detail, name="agreement"),
    path("adoptions/", adoptions.adoption_list, name="adoptions"),
    path("adoptions/<record:number>/", adoptions.adoption_detail, name="adoption"),
]
