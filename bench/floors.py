"""What every page is measured against: the least that can be done behind the same middleware and session."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request
from rest_framework.response import Response

from crm.lib.api.views import ApiView

BARE = engines["django"].from_string(
    "<!doctype html><title>rows</title><table>{% for row in rows %}<tr><td>{{ row.0 }}</td><td>{{ row.1 }}</td>"
    "<td>{{ row.2 }}</td><td>{{ row.3 }}</td></tr>{% endfor %}</table>"
)


def ok(request: HttpRequest) -> HttpResponse:
    """First floor: nothing but the middleware."""
    return HttpResponse("ok")


@login_required
def rows(request: HttpRequest) -> HttpResponse:
    """Second floor: session, person, and 50 rows by an index in a bare template."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, stage, close_date FROM deals_deal WHERE outcome = 'open' AND deleted_at IS NULL"
            " ORDER BY close_sort, id LIMIT 50"
        )
        found = cursor.fetchall()
    return HttpResponse(BARE.render({"rows": found}, request))


class Empty(ApiView):
    """The API's floor: who asks is found, the body is read as JSON, nothing is done."""

    def post(self, request: Request) -> Response:
        return Response({"fields": len(request.data)})


@csrf_exempt
@login_required
def insert(request: HttpRequest) -> HttpResponse:
    """For context beside creating a deal: one bare row into the narrowest table there is, committed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO crm_heartbeat (name, seen_at) VALUES (md5(random()::text), now())")
    return HttpResponse("ok")
