"""The files one brings to publishing: every error at once, names told apart, and what no playbook is."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.crm.publishing import URL, numbers, problems, renamed, send, zipped
from tests.damaged import PACKINGS, damaged_zip


def test_every_error_of_every_file_is_said_at_once(ops: Client, files: dict[str, str]):
    answer = send(
        ops,
        bant=files["bant.yaml"].replace("weight: 20", "weight: 21", 1),
        stages=files["stages.yaml"].replace("probability_percent: 5\n", "probability_percent: 500\n"),
        personas="- {key: cio",
        x=b"\xff\xfe",
        nonsense="a: 1",
    )
    assert answer.status_code == 422
    assert [(file, key) for file, _, key in problems(answer)] == [
        ("bant.yaml", "criteria"),
        ("nonsense.yaml", ""),
        ("personas.yaml", ""),
        ("stages.yaml", "[prospect].probability_percent"),
        ("x.yaml", ""),
    ]
    lines = {file: line for file, line, _ in problems(answer)}
    assert lines["stages.yaml"] == 3
    assert "weights that sum to exactly 100" in answer.content.decode()
    assert numbers() == [1]


def test_a_text_that_is_no_text_is_one_error_beside_the_others(ops: Client, files: dict[str, str]):
    answer = send(ops, stages="- {key: é".encode("latin-1"))
    assert problems(answer) == [("stages.yaml", None, "")]


def test_what_is_left_out_is_taken_from_the_version_in_force(ops: Client, files: dict[str, str]):
    answer = send(ops, stages=renamed(files))
    assert answer.status_code == 200
    [part] = answer.context["parts"]
    [row] = part["rows"]
    assert (row["path"], row["kind"], row["before"], row["after"]) == (
        "demo › label",
        "changed",
        "Demo",
        "Demonstration",
    )
    assert numbers() == [1]


def test_a_bare_name_is_told_by_what_the_file_holds(ops: Client, files: dict[str, str]):
    """A browser sends "bant.yaml" for questions/bant.yaml too."""
    changed = files["questions/bant.yaml"].replace("text: ", "text: Changed. ", 1)
    answer = send(ops, bant=changed)
    assert [part["label"] for part in answer.context["parts"]] == ["questions"]
    assert answer.context["count"] == 1


def test_a_zip_with_folders_around_is_the_same(ops: Client, files: dict[str, str]):
    texts = {f"playbook-1/{name}": text for name, text in files.items()}
    texts |= {"playbook-1/stages.yaml": renamed(files), "__MACOSX/playbook-1/._stages.yaml": "\x00", ".DS_Store": "x"}
    answer = ops.post(URL, {"sources": SimpleUploadedFile("all.zip", zipped(**texts))})
    assert answer.context["count"] == 1


def test_a_zip_that_climbs_out_of_its_folder_names_no_file(ops: Client, files: dict[str, str], tmp_path):
    answer = ops.post(URL, {"sources": SimpleUploadedFile("x.zip", zipped(**{"../../etc/passwd.yaml": "a: 1"}))})
    assert problems(answer) == [("../../etc/passwd.yaml", None, "")]


@pytest.mark.parametrize("packing", PACKINGS.values(), ids=PACKINGS)
def test_a_damaged_zip_is_refused(ops: Client, packing: int):
    answer = ops.post(URL, {"sources": SimpleUploadedFile("x.zip", damaged_zip(packing, "stages.yaml"))})
    assert answer.status_code == 422
    assert "can&#x27;t be unpacked" in answer.content.decode()


def test_the_same_file_twice_is_refused(ops: Client, files: dict[str, str]):
    packed = zipped(**{"a/stages.yaml": renamed(files), "b/stages.yaml": files["stages.yaml"]})
    answer = ops.post(URL, {"sources": SimpleUploadedFile("x.zip", packed)})
    assert "comes twice: a/stages.yaml and b/stages.yaml" in answer.content.decode()


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("stages.yaml", b"#" * 1_500_001),
        SimpleUploadedFile("bomb.zip", zipped(**{"stages.yaml": "#" * 20_000_000})),
        SimpleUploadedFile("many.zip", zipped(**{f"{number}.yaml": "a: 1" for number in range(101)})),
        SimpleUploadedFile("broken.zip", zipped(**{"stages.yaml": "key: here"}).replace(b"key: here", b"key: gone")),
        SimpleUploadedFile("empty.zip", zipped()),
    ],
    ids=["large", "unpacks to too much", "too many", "broken", "empty"],
)
def test_what_no_playbook_is_is_refused_in_a_sentence(ops: Client, upload: SimpleUploadedFile):
    upload.seek(0)
    answer = ops.post(URL, {"sources": upload})
    assert answer.status_code == 422
    assert numbers() == [1]


def test_no_file_at_all_asks_for_one(ops: Client):
    assert set(ops.post(URL, {}).context["form"].errors) == {"sources"}


def test_the_downloaded_files_are_the_version_in_force(ops: Client, files: dict[str, str]):
    packed = b"".join(ops.get(reverse("crm:playbook-files", args=[1])))
    answer = ops.post(URL, {"sources": SimpleUploadedFile("playbook-1.zip", packed)})
    assert answer.context["is_same"]
