from django.urls import path

from . import views

app_name = "sheets"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<str:code>.pdf", views.pdf, name="pdf"),
    path("<str:code>/", views.sheet, name="sheet"),
]
