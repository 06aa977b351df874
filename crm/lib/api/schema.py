"""How endpoints are described in the OpenAPI schema: what they take, what they answer, and every way they refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers

from crm.lib.api.filters import DEFAULT_SIZE, LARGEST_SIZE, Filter
from crm.lib.api.serializers import Answer, Body, Error
from crm.lib.keyset import Sort

F = TypeVar("F", bound=Callable[..., Any])

REFUSALS = {
    400: "The body is not JSON, or a query parameter does not exist or can't have this value.",
    401: "Nobody is signed in: no token, or one that is unknown or revoked.",
    403: "Your role does not include this.",
    404: "There is no such record, or it is not yours to see. Somebody without a role sees nothing.",
    405: "This address does not take this method.",
    406: "Answers are JSON; the request accepts something else.",
    409: "The state of the record does not allow it.",
    410: "The record was merged into another; `error.merged_into` says which, with its address.",
    412: "Somebody saved the record since it was read. `error.current` is the record as it stands now.",
    413: "The body is too large.",
    415: "The body is not sent as application/json.",
    422: "The body is JSON, but a value in it is wrong; `error.fields` says which and why.",
    428: "If-Match is missing: read the record first and send its ETag.",
    429: "Too many requests; Retry-After says how many seconds to wait.",
    503: "The product is not set up yet: no playbook is published.",
}
ALWAYS = (400, 401, 403, 404, 405, 406, 429, 503)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag of the record as it was read."
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="An ETag: answers 304 while nothing shown has changed."
)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # registers itself, untyped
    """Tells the schema of personal tokens."""

    target_class = "crm.auth.BearerTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A personal token: Authorization: Bearer TOKEN."}


def operation(
    *,
    id: str,
    tag: str,
    says: str,
    answers: Any,
    takes: type[Body] | None = None,
    status: int = 200,
    path: Mapping[str, str] | None = None,
    tagged: bool = True,
    guarded: bool = False,
    clashes: bool = False,
    refused: bool = False,
    media: str = "",
    later: Any = None,
    parameters: Iterable[OpenApiParameter] = (),
) -> Callable[[F], F]:
    """Describes a method of an endpoint.

    `answers` is a serializer, None for an empty answer; `path` says what the placeholders of the address are. `tagged`:
    the answer has an ETag; `guarded`: the write wants If-Match; `clashes`: a state may forbid it;
    `refused`: 422 without a body, for what the record itself holds;
    `media`: what an answer is that is no JSON;
    `later`: the serializer of a 202, where a worker may have to make the answer first.
    """
    reads = takes is None and not guarded
    refusals = set(ALWAYS)
    if takes is not None:
        refusals |= {413, 415, 422}
    if guarded:
        refusals |= {409, 412, 428}
    if clashes:
        refusals.add(409)
    if refused:
        refusals.add(422)
    if {"account_id", "contact_id"} & set(path or ()):
        refusals.add(410)
    responses: dict[Any, Any] = {
        (status, media) if media else status: OpenApiResponse(answers, "" if answers is not None else "Done."),
        **{code: OpenApiResponse(Error, REFUSALS[code]) for code in sorted(refusals)},
    }
    if later is not None:
        responses[202] = OpenApiResponse(later, "A worker makes it; Retry-After says when to look again.")
    if reads and tagged:
        responses[304] = OpenApiResponse(None, "Nothing shown has changed since If-None-Match.")
    headers = [IF_MATCH] if guarded else [IF_NONE_MATCH] if reads and tagged else []
    headers += _answer_headers(status, tagged and answers is not None)
    described: Callable[[F], F] = extend_schema(
        operation_id=id,
        tags=[tag],
        summary=says,
        description=" ",  # else the class's docstring, which speaks to programmers
        request=takes,
        responses=responses,
        parameters=[*headers, *_path(path or {}), *parameters],
    )
    return described


def listing(
    *,
    id: str,
    tag: str,
    says: str,
    rows: type[Answer],
    filters: Iterable[Filter],
    sorts: Mapping[str, Sort],
    **more: Any,
) -> Callable[[F], F]:
    """Describes a list paged by keyset."""
    page = inline_serializer(
        name=f"{rows.__name__}Page",
        fields={
            "results": rows(many=True),
            "next": serializers.URLField(allow_null=True, help_text="The next page; null on the last."),
            "previous": serializers.URLField(allow_null=True),
        },
    )
    parameters = [*(one.parameter for one in filters), *paging(sorts)]
    return operation(id=id, tag=tag, says=says, answers=page, parameters=parameters, **more)


def paging(sorts: Mapping[str, Sort]) -> tuple[OpenApiParameter, ...]:
    """The parameters of what is paged by keyset."""
    return (
        OpenApiParameter("sort", str, description="The order; a minus turns it round.", enum=list(sorts)),
        OpenApiParameter("after", str, description="Where the page starts; follow `next` instead of making one."),
        OpenApiParameter("before", str, description="Where the page ends; follow `previous` instead of making one."),
        OpenApiParameter(
            "size",
            {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": DEFAULT_SIZE},
            description="Rows a page.",
        ),
    )


def share_refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Writes each refusal once and refers to it: told in full they were four fifths of the schema."""
    shared: dict[str, Any] = {}
    for operations in result["paths"].values():
        for described in operations.values():
            for status, response in described["responses"].items():
                if int(status) in REFUSALS:
                    shared.setdefault(f"Refused{status}", response)
                    described["responses"][status] = {"$ref": f"#/components/responses/Refused{status}"}
    result["components"]["responses"] = dict(sorted(shared.items()))
    return result


def _path(names: Mapping[str, str]) -> list[OpenApiParameter]:
    return [
        OpenApiParameter(
            name,
            OpenApiTypes.STR
            if name in {"element", "competitor", "kind", "bin_kind", "slug", "key"}
            else {"type": "integer", "minimum": 1},
            OpenApiParameter.PATH,
            description=says,
        )
        for name, says in names.items()
    ]


def _answer_headers(status: int, tagged: bool) -> list[OpenApiParameter]:
    headers = []
    if tagged:
        says = "The version of what is shown, for If-Match and If-None-Match."
        headers.append(OpenApiParameter("ETag", str, OpenApiParameter.HEADER, description=says, response=[status]))
    if status == 201:
        says = "The address of what was made."
        headers.append(OpenApiParameter("Location", str, OpenApiParameter.HEADER, description=says, response=[201]))
    return headers
