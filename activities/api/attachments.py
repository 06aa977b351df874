"""Files: sent as a form, read as they are."""

from __future__ import annotations

from django.http import FileResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from activities.api.base import FILTERS, SORTS, EntryApi
from activities.models import Attachment
from activities.serializers.about import about
from activities.serializers.entries import AttachmentAnswer, AttachmentNew
from activities.services.files import attach_files, delete_attachment
from activities.services.storage import open_file
from crm.lib.api.parsers import BoundedFormParser
from crm.lib.api.schema import listing, operation
from crm.lib.downloads import download
from crm.lib.errors import Clash, Invalid

PATH = {"attachment_id": "The attachment's id."}


class AttachmentApi(EntryApi):
    model = Attachment
    answer_shape = AttachmentAnswer


class AttachmentList(AttachmentApi):
    parser_classes = (BoundedFormParser,)
    filters = FILTERS
    sorts = SORTS

    @listing(
        id="attachments_list",
        tag="attachments",
        says="Files, newest first",
        rows=AttachmentAnswer,
        filters=FILTERS,
        sorts=SORTS,
    )
    def get(self, request: Request) -> Response:
        return self.listed(self.rows().filter(**self.wanted()), self.show, default="-at")

    @operation(
        id="attachments_create",
        tag="attachments",
        says="Attach a file",
        takes=AttachmentNew,
        answers=AttachmentAnswer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        self.adds()
        values = self.body(AttachmentNew)
        try:
            row = attach_files(act=self.act(), about=about(values), uploads=[values["file"]])[0]
        except Invalid as wrong:
            raise Invalid({"file" if name == "files" else name: said for name, said in wrong.errors.items()}) from wrong
        return self.answer(self.shown(row.pk), status=201, location=reverse("api:attachment", args=[row.pk]))


class AttachmentDetail(AttachmentApi):
    @operation(id="attachments_read", tag="attachments", says="What a file is", path=PATH, answers=AttachmentAnswer)
    def get(self, request: Request, attachment_id: int) -> Response:
        return self.answer(self.shown(attachment_id))

    @operation(
        id="attachments_delete",
        tag="attachments",
        says="Delete a file",
        path=PATH,
        answers=None,
        status=204,
        guarded=True,
    )
    def delete(self, request: Request, attachment_id: int) -> Response:
        self.change(
            attachment_id,
            lambda version: delete_attachment(act=self.act(), attachment_id=attachment_id, expected_version=version),
        )
        return Response(status=204)


class AttachmentContent(AttachmentApi):
    @operation(
        id="attachments_content",
        tag="attachments",
        says="The file itself",
        path=PATH,
        answers=OpenApiTypes.BINARY,
        tagged=False,
        media="application/octet-stream",
        clashes=True,
    )
    def get(self, request: Request, attachment_id: int) -> FileResponse:
        row = self.rows().get(pk=attachment_id)
        opened = open_file(row.stored)
        if opened is None:
            raise Clash("We know of this file, but its content is no longer on our disk.")
        return download(opened, name=row.name, content_type="application/octet-stream")
