"""Addresses of the entrance. Ours stand before allauth's of the same names."""

from allauth.account import views as account_views
from allauth.mfa.base import views as factor_views
from django.urls import include, path

from . import account_views as own
from . import activation_views
from .second_factor.views import SetUpCodes, SetUpPasskey, onward, second_factor_first
from .views import AskForReset, SignIn, SignUp, told_for_now

entrance = [
    path("", own.account, name="account"),
    path("sign-out-everywhere/", own.sign_out_everywhere, name="sign_out_everywhere"),
    path("messages/", own.message_list, name="messages"),
    path("messages/<int:pk>/", own.message, name="message"),
    path("activate/", activation_views.activate, name="activate"),
    path("second-factor/", second_factor_first, name="second_factor"),
    path("onward/", onward, name="onward"),
]
urlpatterns = [
    path("", include((entrance, "entrance"))),
    path("login/", told_for_now(SignIn.as_view()), name="account_login"),
    path("signup/", SignUp.as_view(), name="account_signup"),
    path("password/reset/", AskForReset.as_view(), name="account_reset_password"),
    path("reauthenticate/", told_for_now(account_views.reauthenticate), name="account_reauthenticate"),
    path("2fa/authenticate/", told_for_now(factor_views.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", told_for_now(factor_views.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", SetUpCodes.as_view(), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", SetUpPasskey.as_view(), name="mfa_add_webauthn"),
    path("", include("allauth.urls")),
]
