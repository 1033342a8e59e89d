"""What a signed-in person may do with the own data; included under /accounts/data/."""

from django.urls import path

from . import account_views as views

app_name = "own_data"
urlpatterns = [
    path("", views.own_data, name="page"),
    path("export/", views.export, name="export"),
    path("erasure/", views.ask_erasure, name="ask_erasure"),
    path("erasure/take-back/", views.take_back_erasure, name="take_back_erasure"),
    path("consents/withdraw/", views.withdraw, name="withdraw"),
]
