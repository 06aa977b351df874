"""The endpoint every other one is made of: who asks, what the body says, what is answered under which conditions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.lib import keyset
from crm.lib.api.errors import BadQuery, Stale
from crm.lib.api.etags import Shown, match, not_modified
from crm.lib.api.filters import PAGING, Filter, read_filters, read_size, refuse_unknown
from crm.lib.api.serializers import Answer, Body
from crm.lib.errors import EditConflict, NotAllowed
from crm.lib.keyset import Sort
from crm.models import Person, Route
from crm.services.audit import Act

Result = TypeVar("Result")


class ApiView(APIView):
    """An address of the API. `filters` and `sorts` belong to lists; an address without them takes no parameters."""

    filters: ClassVar[tuple[Filter, ...]] = ()
    sorts: ClassVar[Mapping[str, Sort]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = [one.name for one in self.filters] if request.method in {"GET", "HEAD"} else []
        paging = PAGING if self.sorts and request.method in {"GET", "HEAD"} else ()
        refuse_unknown(request.query_params, [*known, *paging])

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Answers are one person's: nobody keeps them for another, and a browser asks again each time."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "private, no-cache"
        response["Vary"] = "Authorization, Cookie"
        return response

    @property
    def person(self) -> Person:
        assert isinstance(self.request.user, Person)
        return self.request.user

    def act(self) -> Act:
        return Act(by=self.person, route=Route.API, at=timezone.now())

    def require(self, may: Callable[[Iterable[str]], bool], said: str = "") -> None:
        """Before the body is looked at. Raises Http404 for somebody without a role, for whom nothing is here, and
        NotAllowed for other roles that may not."""
        if not self.person.roles:
            raise Http404
        if not may(self.person.roles):
            raise NotAllowed(said or "Your role does not include this. Operations can change roles.")

    def body(self, shape: type[Body], *, partial: bool = False) -> dict[str, Any]:
        """The body's values. Raises 400 for what is no JSON, 415 for another type, 422 for wrong values."""
        read = shape(data=self.request.data, partial=partial, context={"request": self.request})
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def answer(self, shown: Shown, *, status: int = 200, location: str = "") -> Response:
        """What is shown, with its ETag; 304 where a read already has it."""
        if self.request.method in {"GET", "HEAD"} and not_modified(self.request, shown.etag):
            return Response(status=304, headers={"ETag": shown.etag})
        headers = {"ETag": shown.etag} | ({"Location": location} if location else {})
        return Response(shown.data, status=status, headers=headers)

    def replace(self, current: Callable[[], Shown], do: Callable[[int], Result]) -> Result:
        """Runs a write under If-Match: `do` gets the version the client has seen and hands it to the service, which
        looks again under its lock. Stale: 412 with the record as it stands."""
        version = match(self.request, current())
        try:
            return do(version)
        except EditConflict as conflict:
            now = current()
            raise Stale(now.data, now.etag) from conflict

    def wanted(self) -> dict[str, Any]:
        """The filters that are given. Raises 400 for a value that can't be read."""
        return read_filters(self.request.query_params, self.filters)

    def listed(
        self,
        rows: models.QuerySet[Any] | Sequence[models.QuerySet[Any]],
        show: type[Answer] | Callable[[list[Any]], list[Any]],
        *,
        default: str,
        sorts: Mapping[str, Sort] | None = None,
        read: Callable[[models.QuerySet[Any]], models.QuerySet[Any]] | None = None,
    ) -> Response:
        """The page of `rows` the query asks for; `show` turns its rows into JSON, or says as what each is shown. `sorts` are
        those this person may use; `read` says what is read of a page whose ids are found first (`keyset.page`)."""
        query = self.request.query_params
        sorts = self.sorts if sorts is None else sorts
        size = self.page_size(sorts)
        page: keyset.Page[Any] = keyset.page(rows, sorts, query, default=default, size=size, shown=read)
        links = self.page_links(page)
        results = list(show(page.rows, many=True).data) if isinstance(show, type) else show(page.rows)
        return self.answer(Shown({"results": results, **links}))

    def page_size(self, sorts: Mapping[str, Sort]) -> int:
        """Rows of the page that is asked for. Raises 400 for an order or a place in the list that can't be."""
        query = self.request.query_params
        if query.get("sort") and query["sort"] not in sorts:
            raise BadQuery({"sort": f"Choose one of: {', '.join(sorts)}."})
        if query.get("after") and query.get("before"):
            raise BadQuery({"before": "Give after or before, not both."})
        return read_size(query)

    def page_links(self, page: keyset.Page[Any]) -> dict[str, str | None]:
        """Where the pages beside this one are. Raises 400 for a cursor nobody gave."""
        if page.said:
            after = self.request.query_params.get("after")
            raise BadQuery({"after" if after else "before": "Follow next and previous as they are given."})
        here = self.request.build_absolute_uri(self.request.path)
        return {
            "next": f"{here}{page.next_url}" if page.next_url else None,
            "previous": f"{here}{page.previous_url}" if page.previous_url else None,
        }
