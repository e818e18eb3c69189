"""The addresses of the pages."""

from django.urls import path

from annotator.web import labelling, manual, signing, tokens, work

app_name = "web"
P = "projects/<str:p>/"

urlpatterns = [
    path("", work.work, name="work"),
    path("sign-in/", signing.SignIn.as_view(), name="sign_in"),
    path("sign-out/", signing.SignOut.as_view(), name="sign_out"),
    path("welcome/<str:token>/", signing.welcome, name="welcome"),
    path("accounts/tokens/", tokens.mine, name="tokens"),
    path("accounts/tokens/<int:token_id>/end/", tokens.end, name="token_end"),
    path("docs/", manual.manual, name="manual"),
    path("docs/<slug:slug>/", manual.manual, name="manual_page"),
    path(f"{P}label/", labelling.label_next, name="label"),
    path(f"{P}sets/<int:set_id>/", labelling.one_set, name="set"),
]
