"""The REST API under /api/: every app's addresses, the schema, and its documentation."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from crm.lib.api.errors import NoAddress
from crm.lib.api.views import ApiView

app_name = "api"

LISTS = (
    "accounts",
    "contacts",
    "deals",
    "notes",
    "tasks",
    "activities",
    "attachments",
    "views",
    "bulk-changes",
    "bin",
    "merges",
    "audit",
    "competitors",
    "notifications",
    "people",
    "jobs",
    "playbook-versions",
    "me",
    "schema",
    "docs",
)


class Index(ApiView):
    """Where to begin, for somebody who only knows /api/."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response({name: reverse(f"api:{name}", request=request) for name in LISTS})


class Unknown(APIView):
    """Every other address below /api/: 404 in the API's own shape, and no redirect that would drop a body."""

    permission_classes = (AllowAny,)
    http_method_names = ("get", "head", "post", "put", "patch", "delete")

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        raise NoAddress

    post = put = patch = delete = get


docs = login_required(SpectacularSwaggerView.as_view(url_name="api:schema", template_name="api/docs.html"))

urlpatterns = [
    path("", Index.as_view(), name="index"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    path("", include("crm.api.routes")),
    path("", include("deals.api.routes")),
    path("", include("activities.api.routes")),
    path("", include("scoring.routes")),
    re_path(r"^.", Unknown.as_view(), name="unknown"),
]
