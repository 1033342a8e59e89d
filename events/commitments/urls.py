"""Addresses of letters, clause templates, agreements and adoptions."""

from django.urls import path

from portal.core.pages import converters  # noqa: F401 - registers `record`

from .views.adoptions import Adoptions
from .views.agreements import Agreements
from .views.letters import LetterPages
from .views.templates import Templates

app_name = "commitments"
urlpatterns = [
    path("", LetterPages.view("listed"), name="list"),
    path("<record:number>/", LetterPages.view("detail"), name="letter"),
    path("templates/", Templates.view("listed"), name="templates"),
    path("templates/<record:number>/", Templates.view("detail"), name="template"),
    path("templates/<record:number>/difference/", Templates.view("difference"), name="difference"),
    path("agreements/", Agreements.view("listed"), name="agreements"),
    path("agreements/<record:number>/", Agreements.view("detail"), name="agreement"),
    path("adoptions/", Adoptions.view("listed"), name="adoptions"),
    path("adoptions/<record:number>/", Adoptions.view("detail"), name="adoption"),
]
