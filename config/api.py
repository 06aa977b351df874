"""The REST API under /api/: every app's addresses, the schema, and its documentation."""

from __future__ import annotations

from functools import lru_cache

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import include, path, re_path
from django.utils.encoding import force_bytes
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
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
    "battlecards",
    "claims",
    "suggestions",
    "intel",
    "intel-responses",
    "notifications",
    "people",
    "jobs",
    "playbook-versions",
    "reports",
    "forecast-calls",
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


class Schema(SpectacularAPIView):
    """The schema. It is the same for everybody and while the process lives, and takes a second to make: made once per form
    and language it is asked in."""

    def _get_schema_response(self, request: Request) -> HttpResponse:
        renderer: BaseRenderer = request.accepted_renderer
        written = _schema(type(renderer), get_language())  # type: ignore[arg-type] # a class is hashable
        name = self._get_filename(request, self.api_version)  # type: ignore[no-untyped-call]
        kind = f"{renderer.media_type}; charset={renderer.charset}" if renderer.charset else renderer.media_type
        return HttpResponse(written, content_type=kind, headers={"Content-Disposition": f'inline; filename="{name}"'})


@lru_cache(maxsize=16)
def _schema(renderer: type[BaseRenderer], language: str) -> bytes:
    """In one of the view's forms. The language is that of the moment; it is asked for to be told apart."""
    data = SpectacularAPIView.generator_class().get_schema(public=True)  # type: ignore[no-untyped-call]
    return force_bytes(renderer().render(data, renderer_context={}))


docs = login_required(SpectacularSwaggerView.as_view(url_name="api:schema", template_name="api/docs.html"))

urlpatterns = [
    path("", Index.as_view(), name="index"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", docs, name="docs"),
    path("", include("crm.api.routes")),
    path("", include("deals.api.routes")),
    path("", include("activities.api.routes")),
    path("", include("scoring.routes")),
    path("", include("quotes.api.routes")),
    path("", include("battlecards.api.routes")),
    path("", include("calls.api.routes")),
    path("", include("reports.api.routes")),
    re_path(r"^.", Unknown.as_view(), name="unknown"),
]
