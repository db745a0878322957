from typing import Any

from django.http import Http404, StreamingHttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.shapes import CardPersonOut, person_out
from tasks.http import sent_file, sent_version
from tasks.models import Attachment, AttachmentVersion, Card
from tasks.models.attachments import ADDRESS_LENGTH, FILE_NAME_LENGTH
from tasks.operations.attachments import (
    add_version,
    attach_file,
    attach_link,
    rename_attachment,
    restore_attachment,
    trash_attachment,
)
from tasks.operations.files import Upload, path_of
from tasks.parsers import AttachmentUpload, upload_in
from tasks.queries.attachments import FileView, files_of, reachable, view_file
from tasks.sources.pictures import SIZES, preview_path
from workspaces.parsers import ExactJSONParser, FilesParser
from workspaces.rest import StrictSerializer, WorkspaceView, find_or_404
from workspaces.rules.errors import Invalid, at_field


class FileRenderer(BaseRenderer):
    """Lets programs ask for whatever a file is; refusals are JSON under any name."""

    media_type, format = "*/*", "file"

    def render(self, data: Any, *_more: Any, **_named: Any) -> bytes:
        """A refusal, as the API words it."""
        return JSONRenderer().render(data)


class FileIn(serializers.Serializer):
    file = serializers.FileField()


class LinkIn(StrictSerializer):
    address = serializers.CharField(max_length=ADDRESS_LENGTH, help_text="Begins with https://.")
    name = serializers.CharField(max_length=FILE_NAME_LENGTH, required=False, allow_blank=True)


class RenameIn(StrictSerializer):
    name = serializers.CharField(max_length=FILE_NAME_LENGTH)
    was = serializers.CharField(max_length=FILE_NAME_LENGTH, help_text="The name that you saw.")


class FileVersionOut(serializers.Serializer):
    number = serializers.IntegerField()
    name = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField()
    type = serializers.CharField(help_text="What its bytes say that it is; empty: unknown.")
    width = serializers.IntegerField(allow_null=True, help_text="Of a picture, in pixels.")
    height = serializers.IntegerField(allow_null=True)
    by = CardPersonOut(allow_null=True)
    at = serializers.DateTimeField()
    is_lost = serializers.BooleanField(help_text="The file is missing on the server.")
    file = serializers.CharField(help_text="Where it is downloaded.")


class AttachmentOut(serializers.Serializer):
    id = serializers.IntegerField()
    card = serializers.IntegerField()
    name = serializers.CharField()
    address = serializers.CharField(help_text="Of a link; empty for a file.")
    by = CardPersonOut(allow_null=True)
    at = serializers.DateTimeField()
    trashed_at = serializers.DateTimeField(allow_null=True)
    versions = FileVersionOut(many=True, help_text="Newest first; a link has none.")


def version_out(version: AttachmentVersion, slug: str) -> dict[str, Any]:
    at = {"slug": slug, "pk": version.attachment_id, "number": version.number}
    return {
        "number": version.number,
        "name": version.name,
        "size": version.size,
        "sha256": version.sha256,
        "type": version.content_type,
        "width": version.width,
        "height": version.height,
        "by": person_out(version.by),
        "at": version.at,
        "is_lost": version.lost_at is not None,
        "file": reverse("api:attachment_file", kwargs=at),
    }


def attachment_out(file: FileView, slug: str) -> dict[str, Any]:
    one = file.attachment
    return {
        "id": one.pk,
        "card": one.card_id,
        "name": one.name,
        "address": one.address,
        "by": person_out(one.by),
        "at": one.at,
        "trashed_at": one.trashed_at,
        "versions": [version_out(version, slug) for version in file.versions],
    }


class FileTaking(WorkspaceView):
    """An endpoint that takes a file as a part of a form."""

    parser_classes = [FilesParser, ExactJSONParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Put the limit in place before anything reads the body."""
        request._request.upload_handlers = [AttachmentUpload(request._request)]  # noqa: SLF001
        super().initial(request, *args, **kwargs)

    def tell(self, attachment: Attachment) -> dict[str, Any]:
        return attachment_out(view_file(attachment), self.workspace.slug)

    def upload(self, request: Request) -> Upload:
        """The file of the form, which has no other parts."""
        upload = upload_in(request._request, request.FILES)  # noqa: SLF001
        unknown = [name for name in request.data if name != "file"]
        if unknown:
            message = _("There is no such field.")
            raise Invalid([at_field(name, "unknown_field", message) for name in unknown])
        return upload


class CardAttachments(FileTaking):
    can = {"GET": "workspace.view", "POST": "work.edit"}

    @extend_schema(responses=AttachmentOut(many=True), operation_id="list_attachments")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        card = find_or_404(Card, pk, self)
        return Response([attachment_out(file, slug) for file in files_of(card)])

    @extend_schema(
        request={"multipart/form-data": FileIn, "application/json": LinkIn},
        responses={201: AttachmentOut},
        operation_id="attach",
    )
    def post(self, request: Request, slug: str, pk: str) -> Response:
        card, by, at = find_or_404(Card, pk, self), self.member, now()
        if str(request.content_type).startswith("multipart/"):
            made = attach_file(card, upload=self.upload(request), by=by, at=at)
        else:
            fields = {"name": "", **self.shape(LinkIn, request.data)}
            made = attach_link(card, **fields, by=by, at=at)
        return Response(self.tell(made), status=201)


class AttachmentDetail(FileTaking):
    can = {"GET": "workspace.view", "PATCH": "work.edit", "DELETE": "work.edit"}

    def render_current(self, current: Attachment) -> dict[str, Any]:
        return self.tell(current)

    @extend_schema(responses=AttachmentOut, operation_id="read_attachment")
    def get(self, request: Request, slug: str, pk: str) -> Response:
        return Response(self.tell(find_or_404(Attachment, pk, self)))

    @extend_schema(
        request={"application/json": RenameIn},
        responses=AttachmentOut,
        operation_id="rename_attachment",
    )
    def patch(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(Attachment, pk, self)
        said = self.shape(RenameIn, request.data)
        renamed = rename_attachment(found, **said, by=self.member, at=now())
        return Response(self.tell(renamed))

    @extend_schema(responses={204: None}, operation_id="trash_attachment")
    def delete(self, request: Request, slug: str, pk: str) -> Response:
        trash_attachment(find_or_404(Attachment, pk, self), by=self.member, at=now())
        return Response(status=204)


class RestoreAttachment(FileTaking):
    can = {"POST": "work.edit"}

    @extend_schema(request=None, responses=AttachmentOut, operation_id="restore_attachment")
    def post(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(Attachment, pk, self)
        return Response(self.tell(restore_attachment(found, by=self.member, at=now())))


class AttachmentVersions(FileTaking):
    can = {"POST": "work.edit"}

    @extend_schema(
        request={"multipart/form-data": FileIn},
        responses={201: AttachmentOut},
        operation_id="renew_attachment",
    )
    def post(self, request: Request, slug: str, pk: str) -> Response:
        found = find_or_404(Attachment, pk, self)
        add_version(found, upload=self.upload(request), by=self.member, at=now())
        return Response(self.tell(find_or_404(Attachment, pk, self)), status=201)


class Served(WorkspaceView):
    renderer_classes = [JSONRenderer, FileRenderer]

    def version(self, pk: str, number: int) -> AttachmentVersion:
        found = find_or_404(Attachment, pk, self)
        there = reachable(self.workspace.pk).filter(pk=found.pk)
        version = AttachmentVersion.objects.filter(
            attachment__in=there, number=number, lost_at=None
        ).first()
        if version is None:
            raise Http404
        return version


class AttachmentFile(Served):
    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        operation_id="download_attachment",
    )
    def get(self, request: Request, slug: str, pk: str, number: int) -> StreamingHttpResponse:
        return sent_version(request._request, self.version(pk, number))  # noqa: SLF001


class AttachmentPicture(Served):
    @extend_schema(
        responses={(200, "image/webp"): OpenApiTypes.BINARY},
        operation_id="attachment_picture",
        description="A picture in one of two sizes: `thumb` or `view`.",
    )
    def get(
        self, request: Request, slug: str, pk: str, number: int, size: str
    ) -> StreamingHttpResponse:
        version = self.version(pk, number)
        if size not in SIZES or not version.is_picture:
            raise Http404
        path = preview_path(path_of(version.file), size)
        return sent_file(request._request, path, "image/webp")  # noqa: SLF001
