"""Every address: the API, the pages, the admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("annotator.api.urls")),
    path("admin/", admin.site.urls),
    path("", include("annotator.web.urls")),
]
handler400 = "annotator.web.refusals.bad_request"
handler403 = "annotator.web.refusals.permission_denied"
handler404 = "annotator.web.refusals.not_found"
handler500 = "annotator.web.refusals.server_error"
