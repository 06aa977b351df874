"""Publishing a playbook by page: all errors at once, a preview, where dropped stages go, once and by operations only."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from crm.lib.errors import Clash, Invalid, NotAllowed
from crm.models import AuditEntry, Competitor, Job, Person, PlaybookVersion
from crm.queries import playbook as playbooks
from crm.services.audit import Act
from crm.services.playbook import publish
from deals.models import Deal, DealInterval
from playbook import loader, storing
from playbook.schema import Playbook
from tests.conftest import SignIn
from tests.factories import make_deal

URL = reverse("crm:playbook-publish")


@pytest.fixture
def files(playbook: Playbook) -> dict[str, str]:
    return storing.dump(playbook)


@pytest.fixture
def ops(otto: Person, sign_in: SignIn) -> Client:
    return sign_in(otto)


def send(client: Client, **texts: str | bytes) -> HttpResponse:
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


def confirm(client: Client, preview: HttpResponse, **values: str) -> HttpResponse:
    """Presses "Publish" in a preview."""
    form = preview.context["preview"]
    hidden = {name: form[name].value() for name in ("draft", "expected", "note")}
    return client.post(URL, {key: value for key, value in hidden.items() if value is not None} | values)


def problems(answer: HttpResponse) -> list[tuple[str, int | None, str]]:
    return [(problem.file, problem.line, problem.key) for problem in answer.context["problems"]]


def numbers() -> list[int]:
    return list(PlaybookVersion.objects.order_by("number").values_list("number", flat=True))


def renamed(files: dict[str, str], label: str = "Demonstration") -> str:
    return files["stages.yaml"].replace("label: Demo\n", f"label: {label}\n")


def without_demo(files: dict[str, str]) -> str:
    return yaml.safe_dump([stage for stage in yaml.safe_load(files["stages.yaml"]) if stage["key"] != "demo"])


# --- Who ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "username, status", [("rae", 403), ("mona", 403), ("sue", 403), ("eve", 403), ("vera", 403), ("charlie", 404)]
)
def test_only_operations_publishes(
    cast: dict[str, Person], files: dict[str, str], sign_in: SignIn, ops: Client, username: str, status: int
):
    preview = send(ops, stages=renamed(files))
    client = sign_in(cast[username])
    assert client.get(URL).status_code == status
    assert confirm(client, preview).status_code == status
    assert numbers() == [1]


def test_the_service_refuses_too(rae: Person, playbook: Playbook):
    with pytest.raises(NotAllowed):
        publish(act=Act(by=rae), playbook=playbook)


# --- Files -------------------------------------------------------------------------------------------------------------


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


# --- Publishing --------------------------------------------------------------------------------------------------------


def test_publishing_makes_the_next_version_and_leads_to_the_workers_progress(
    ops: Client, otto: Person, files: dict[str, str]
):
    answer = confirm(ops, send(ops, stages=renamed(files)), note=" Clearer. ")
    version = PlaybookVersion.objects.get(number=2)
    job = Job.objects.get(key="rescore")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("crm:job-detail", args=[job.pk]))
    assert (version.note, version.published_by) == ("Clearer.", otto)
    assert playbooks.current()[1].stage("demo").label == "Demonstration"
    assert AuditEntry.objects.get(kind="playbook").changes == {"number": [1, 2]}


def test_sent_twice_it_is_published_once(ops: Client, files: dict[str, str]):
    preview = send(ops, stages=renamed(files))
    first, second = confirm(ops, preview), confirm(ops, preview)
    assert first.headers["Location"] == second.headers["Location"]
    assert numbers() == [1, 2]
    assert Job.objects.count() == 1


def test_a_version_in_between_is_compared_before_anything_is_published(ops: Client, files: dict[str, str]):
    preview = send(ops, stages=renamed(files))
    personas = files["personas.yaml"].replace("label: CIO\n", "label: Chief information officer\n")
    confirm(ops, send(ops, personas=personas))
    answer = confirm(ops, preview, note="Mine")
    assert answer.status_code == 409
    assert "Version 2 was published in the meantime" in answer.content.decode()
    # What the other one changed stays: only this draft's own files differ.
    assert [row["path"] for part in answer.context["parts"] for row in part["rows"]] == ["demo › label"]
    assert numbers() == [1, 2]

    confirm(ops, answer)
    now = playbooks.current()[1]
    assert (now.stage("demo").label, {one.key: one.label for one in now.personas}["cio"]) == (
        "Demonstration",
        "Chief information officer",
    )
    assert PlaybookVersion.objects.get(number=3).note == "Mine"


def test_of_two_at_the_same_moment_one_stands(otto: Person, playbook: Playbook, files: dict[str, str], monkeypatch):
    """Both looked at version 1 and found no other; the number's uniqueness decides."""
    changed = loader.loads({**files, "stages.yaml": renamed(files)})
    other = loader.loads({**files, "stages.yaml": renamed(files, "Show")})
    create = PlaybookVersion.objects.create

    def slower(**values: Any) -> PlaybookVersion:
        monkeypatch.undo()
        publish(act=Act(by=otto), playbook=other, expected=1)
        return create(**values)

    monkeypatch.setattr(PlaybookVersion.objects, "create", slower)
    with pytest.raises(Clash, match="at this moment"):
        publish(act=Act(by=otto), playbook=changed, expected=1)


@pytest.mark.parametrize("draft", ["", "x", "eJyrVkrLzEnVUUpUsqpWSi3LzEkpVrKqrQUAUtYHhg==", "eJw="])
@pytest.mark.parametrize("expected", ["1", "", "99", "-1"])
def test_a_draft_that_did_not_arrive_whole_publishes_nothing(ops: Client, draft: str, expected: str):
    answer = ops.post(URL, {"draft": draft, "expected": expected})
    assert answer.status_code == 422
    assert numbers() == [1]


def test_competitors_follow_the_playbook_and_those_dropped_stay(ops: Client, files: dict[str, str]):
    kept = [one for one in yaml.safe_load(files["competitors.yaml"]) if one["key"] != "proxmox"]
    kept[0]["label"] = "Renamed"
    confirm(ops, send(ops, competitors=yaml.safe_dump(kept)))
    rows = {row.key: (row.name, row.in_playbook) for row in Competitor.objects.all()}
    assert rows[kept[0]["key"]] == ("Renamed", True)
    assert rows["proxmox"] == ("Proxmox VE", False)


# --- Dropped stages ----------------------------------------------------------------------------------------------------


def test_a_dropped_stage_asks_where_its_deals_go(ops: Client, rae: Person, files: dict[str, str]):
    make_deal(rae, stage="demo")
    preview = send(ops, stages=without_demo(files))
    field = preview.context["preview"]["stages-demo"]
    assert "1 deal now" in str(field.help_text)
    offered = [key for key, _ in field.field.choices]
    assert "poc" in offered
    assert {"won", "lost", "demo"}.isdisjoint(offered)

    answer = confirm(ops, preview)
    assert (answer.status_code, set(answer.context["preview"].errors)) == (422, {"stages-demo"})
    assert confirm(ops, preview, **{"stages-demo": "won"}).status_code == 422
    assert numbers() == [1]


def test_its_deals_go_there_with_their_history(ops: Client, otto: Person, rae: Person, files: dict[str, str]):
    deal, other = make_deal(rae, stage="demo"), make_deal(rae, "Other", stage="poc")
    confirm(ops, send(ops, stages=without_demo(files)), **{"stages-demo": "poc"})
    deal.refresh_from_db()
    other.refresh_from_db()
    assert (deal.stage, deal.version, other.version) == ("poc", 2, 1)
    past, now = DealInterval.objects.filter(deal=deal, field="stage").order_by("from_at")
    assert (past.value, past.to_at, now.value, now.from_at) == ("demo", now.from_at, "poc", deal.stage_entered_at)
    assert (now.changed_by, now.why) == (otto, "Playbook 2 no longer has what this named.")
    assert PlaybookVersion.objects.get(number=2).moves == {"stages": {"demo": "poc"}}


def test_a_dropped_stage_nobody_is_in_needs_a_place_for_the_past(otto: Person, files: dict[str, str]):
    shorter = loader.loads({**files, "stages.yaml": without_demo(files)})
    with pytest.raises(Invalid) as refused:
        publish(act=Act(by=otto), playbook=shorter)
    assert set(refused.value.errors) == {"stages-demo"}


def test_a_stage_does_not_turn_into_another_kind_under_its_key(ops: Client, files: dict[str, str]):
    stages = yaml.safe_load(files["stages.yaml"])
    kinds = {stage["key"]: stage for stage in stages}
    kinds["won"]["kind"], kinds["lost"]["kind"] = "lost", "won"
    kinds["won"]["probability_percent"], kinds["lost"]["probability_percent"] = 0, 100
    preview = send(ops, stages=yaml.safe_dump(stages))
    answer = confirm(ops, preview)
    assert answer.status_code == 422
    assert re.search(r"The stage Won was won and would be lost", answer.content.decode())
    assert Deal.objects.count() == 0
    assert numbers() == [1]
