"""The addresses of the pages."""

from django.urls import path

from annotator.web import (
    agreement,
    documents,
    exports,
    guideline,
    imports,
    invitations,
    jobs,
    labelling,
    manual,
    members,
    settings,
    signing,
    studies,
    tokens,
    work,
)

app_name = "web"
P = "projects/<str:p>/"

urlpatterns = [
    path("", work.work, name="work"),
    path("sign-in/", signing.SignIn.as_view(), name="sign_in"),
    path("sign-out/", signing.SignOut.as_view(), name="sign_out"),
    path("welcome/<str:token>/", signing.welcome, name="welcome"),
    path("invitations/<str:key>/", invitations.invitation, name="invitation"),
    path("accounts/tokens/", tokens.mine, name="tokens"),
    path("accounts/tokens/<int:token_id>/end/", tokens.end, name="token_end"),
    path("docs/", manual.manual, name="manual"),
    path("docs/<slug:slug>/", manual.manual, name="manual_page"),
    path("projects/new/", studies.new_project, name="new_project"),
    path(P, studies.progress, name="progress"),
    path(f"{P}label/", labelling.label_next, name="label"),
    path(f"{P}sets/<int:set_id>/", labelling.one_set, name="set"),
    path(f"{P}documents/", documents.documents, name="documents"),
    path(f"{P}documents/<int:document_id>/", documents.document, name="document"),
    path(f"{P}documents/<int:document_id>/recusal/", documents.recuse, name="recuse"),
    path(f"{P}documents/<int:document_id>/removal/", documents.remove, name="document_remove"),
    path(f"{P}members/", members.members, name="members"),
    path(f"{P}members/new/", members.add, name="member_add"),
    path(f"{P}members/invitation/", members.invite, name="member_invite"),
    path(f"{P}members/<int:membership_id>/", members.change, name="member"),
    path(f"{P}guideline/", guideline.guideline, name="guideline"),
    path(f"{P}guideline/edit/", guideline.edit, name="guideline_edit"),
    path(f"{P}settings/", settings.settings, name="settings"),
    path(f"{P}settings/targets/", settings.add_target, name="targets"),
    path(f"{P}settings/targets/<int:target_id>/", settings.rename_target, name="target"),
    path(f"{P}settings/targets/<int:target_id>/removal/", settings.remove_target, name="target_remove"),
    path(f"{P}settings/labels/", settings.add_label, name="labels"),
    path(f"{P}settings/labels/<int:label_id>/", settings.label, name="label_edit"),
    path(f"{P}settings/labels/<int:label_id>/place/", settings.move_label, name="label_move"),
    path(f"{P}settings/labels/<int:label_id>/removal/", settings.remove_label, name="label_remove"),
    path(f"{P}agreement/", agreement.reports, name="agreement"),
    path(f"{P}agreement/<int:report_id>/", agreement.report, name="report"),
    path(f"{P}agreement/<int:report_id>/json/", agreement.download, name="report_file"),
    path(f"{P}imports/", imports.imports, name="imports"),
    path(f"{P}exports/", exports.exports, name="exports"),
    path(f"{P}jobs/<uuid:job_id>/cancel/", jobs.cancel, name="job_cancel"),
]
