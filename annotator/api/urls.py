"""The addresses of API v1 (design.md, section 6)."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from annotator.api import (
    accounts,
    agreement,
    assignments,
    documents,
    exchange,
    finding,
    history,
    jobs,
    marks,
    members,
    projects,
    scheme,
    sets,
)
from annotator.api.browse import BrowseView
from annotator.projects.models import Label, Target

of_set = [
    path("", sets.SetView.as_view()),
    path("spans/<uuid:uid>/", marks.SpanView.as_view()),
    path("relations/<uuid:uid>/", marks.RelationView.as_view()),
    path("comments/<uuid:uid>/", marks.CommentView.as_view()),
    path("document-labels/", marks.DocumentLabelsView.as_view()),
    path("submission/", sets.SubmissionView.as_view()),
    path("review/", sets.ReviewView.as_view()),
]

of_project = [
    path("", projects.OneProjectView.as_view()),
    path("archive/", projects.ArchiveView.as_view()),
    path("memberships/", members.MembershipsView.as_view()),
    path("memberships/<int:membership_id>/", members.MembershipView.as_view()),
    path("invitations/", members.InvitationsView.as_view()),
    path("invitations/<int:invitation_id>/", members.InvitationView.as_view()),
    path("labels/", scheme.LabelsView.as_view()),
    path("labels/<int:entry_id>/", scheme.SchemeEntryView.of(Label)),
    path("targets/", scheme.TargetsView.as_view()),
    path("targets/<int:entry_id>/", scheme.SchemeEntryView.of(Target)),
    path("holders/", scheme.HoldersView.as_view()),
    path("guidelines/", scheme.GuidelinesView.as_view()),
    path("documents/", documents.DocumentsView.as_view()),
    path("documents/<int:document_id>/", documents.DocumentView.as_view()),
    path("documents/<int:document_id>/recusal/", documents.RecusalView.as_view()),
    path("assignments/", assignments.AssignmentsView.as_view()),
    path("assignments/<int:assignment_id>/", assignments.AssignmentView.as_view()),
    path("sets/", sets.SetsView.as_view()),
    path("sets/<int:set_id>/", include(of_set)),
    path("agreement/", agreement.AgreementsView.as_view()),
    path("agreement/<int:report_id>/", agreement.AgreementView.as_view()),
    path("jobs/", jobs.JobsView.as_view()),
    path("jobs/<uuid:job_id>/", jobs.JobView.as_view()),
    path("events/", history.EventsView.as_view()),
]

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", BrowseView.as_view(), name="api-docs"),
    path("tokens/", accounts.TokensView.as_view()),
    path("tokens/<int:token_id>/", accounts.TokenView.as_view()),
    path("me/", accounts.MeView.as_view()),
    path("find/", finding.FindView.as_view(), name="api-find"),
    path("projects/", projects.ProjectsView.as_view()),
    path("projects/<str:p>/", include(of_project)),
    path("projects/<str:p>/", include(exchange.urlpatterns)),
]
