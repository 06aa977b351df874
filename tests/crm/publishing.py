"""What tests of publishing share: uploading, looking at what came, pressing the button."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crm.models import PlaybookVersion

URL = reverse("crm:playbook-publish")


def send(client: Client, **texts: str | bytes) -> Any:
    """Uploads files by their name without .yaml; "__" stands for the folder's slash, which a browser drops."""
    uploads = [
        SimpleUploadedFile(name.replace("__", "/") + ".yaml", text.encode() if isinstance(text, str) else text)
        for name, text in texts.items()
    ]
    return client.post(URL, {"sources": uploads})


def zipped(**texts: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def confirm(client: Client, preview: Any, **values: str) -> Any:
    """Presses "Publish" in a preview."""
    form = preview.context["preview"]
    hidden = {name: form[name].value() for name in ("draft", "expected", "note")}
    return client.post(URL, {key: value for key, value in hidden.items() if value is not None} | values)


def problems(answer: Any) -> list[tuple[str, int | None, str]]:
    return [(problem.file, problem.line, problem.key) for problem in answer.context["problems"]]


def numbers() -> list[int]:
    return list(PlaybookVersion.objects.order_by("number").values_list("number", flat=True))


def renamed(files: dict[str, str], label: str = "Demonstration") -> str:
    return files["stages.yaml"].replace("label: Demo\n", f"label: {label}\n")


def without_demo(files: dict[str, str]) -> str:
    return yaml.safe_dump([stage for stage in yaml.safe_load(files["stages.yaml"]) if stage["key"] != "demo"])
