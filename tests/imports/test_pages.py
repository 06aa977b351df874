"""The pages of an import, for those who may and those who may not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.models import ImportRun, ImportState
from deals.models import Deal
from tests.damaged import PACKINGS, damaged_zip
from tests.imports.conftest import edit

PAGES = ["import-list", "import-new"]
OF_A_RUN = ["import-detail", "import-undo", "import-remarks", "import-report"]
WRITES = ["import-again", "import-check", "import-start", "import-undo"]


def files(folder):
    return [SimpleUploadedFile(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]


def send(client, uploads):
    return client.post(reverse("crm:import-new"), {"uploads": uploads, "known": ""})


@pytest.fixture
def ops(sign_in, otto):
    return sign_in(otto)


@pytest.fixture
def run(shop, bring):
    return bring(shop)


@pytest.mark.any_engine("who may is decided in Python")
@pytest.mark.parametrize("name", PAGES)
def test_pages_for_operations_only(cast, sign_in, name):
    statuses = {who: sign_in(person).get(reverse(f"crm:{name}")).status_code for who, person in cast.items()}
    assert statuses.pop("otto") == 200
    assert statuses.pop("charlie") == 404
    assert set(statuses.values()) == {403}


@pytest.mark.any_engine("who may is decided in Python")
@pytest.mark.parametrize("name", OF_A_RUN)
def test_a_run_for_operations_only(cast, sign_in, run, name):
    address = reverse(f"crm:{name}", args=[run.pk])
    statuses = {who: sign_in(person).get(address).status_code for who, person in cast.items()}
    assert statuses.pop("otto") == 200
    assert statuses.pop("charlie") == 404
    assert set(statuses.values()) == {403}


@pytest.mark.any_engine("who may is decided in Python")
@pytest.mark.parametrize("name", WRITES)
def test_nobody_else_writes(cast, sign_in, run, name):
    for who, person in cast.items():
        if who != "otto":
            answer = sign_in(person).post(reverse(f"crm:{name}", args=[run.pk]))
            assert answer.status_code in (403, 404)
    assert Deal.objects.count() == 5
    run.refresh_from_db()
    assert run.state == ImportState.DONE


def test_nobody_signed_in_is_sent_to_sign_in(client, playbook):
    assert client.get(reverse("crm:import-list")).status_code == 302


def test_from_upload_to_undo(ops, shop, run_jobs):
    answer = send(ops, files(shop))
    run = ImportRun.objects.get()
    assert answer.url == reverse("crm:import-detail", args=[run.pk])
    assert "waiting to start" in ops.get(answer.url).content.decode()
    run_jobs()
    page = ops.get(answer.url).content.decode()
    assert "Bring them in" in page
    assert "Names matched without spaces" in page
    assert not Deal.objects.exists()
    ops.post(reverse("crm:import-start", args=[run.pk]))
    run_jobs()
    assert Deal.objects.count() == 5
    assert "Undo this import" in ops.get(answer.url).content.decode()
    assert "Nobody has worked on any of it" in ops.get(reverse("crm:import-undo", args=[run.pk])).content.decode()
    ops.post(reverse("crm:import-undo", args=[run.pk]))
    run_jobs()
    assert not Deal.objects.exists()
    assert "This import was undone" in ops.get(answer.url).content.decode()


def test_a_zip(ops, shop, run_jobs):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in shop.iterdir():
            archive.write(path, f"export/{path.name}")
        archive.writestr("__MACOSX/export/._deals.csv", "junk")
    send(ops, [SimpleUploadedFile("export.zip", packed.getvalue())])
    run_jobs()
    assert ImportRun.objects.get().state == ImportState.CHECKED


@pytest.mark.parametrize("name, content", [("broken.zip", b"PK\x03\x04no"), ("up.zip", b"")])
def test_a_bad_zip_is_refused_at_once(ops, name, content):
    answer = send(ops, [SimpleUploadedFile(name, content)])
    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("packing", PACKINGS.values(), ids=PACKINGS)
def test_a_damaged_zip_is_said_to_be_damaged(ops, packing):
    answer = send(ops, [SimpleUploadedFile("deals.zip", damaged_zip(packing))])
    assert answer.status_code == 422
    assert "may be damaged" in answer.content.decode()


@pytest.mark.parametrize("name", ["漢" * 120 + ".csv", "💥" * 90 + ".csv"])
def test_a_file_of_a_very_long_name_keeps_the_end_of_it(ops, shop, name):
    assert send(ops, [SimpleUploadedFile(name, (shop / "goods.csv").read_bytes())]).status_code == 302
    stored = [path.name for path in Path(ImportRun.objects.get().folder).iterdir()]
    assert [name.endswith(".csv") for name in stored] == [True]


def test_a_zip_leads_nowhere_else(ops, tmp_path, settings, run_jobs):
    settings.MEDIA_ROOT = tmp_path / "media"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../outside.csv", "a,b\n1,2\n")
    send(ops, [SimpleUploadedFile("x.zip", packed.getvalue())])
    run_jobs()
    assert [path.name for path in tmp_path.rglob("*.csv")] == ["outside.csv"]
    assert (tmp_path / "media" / "imports") in next(tmp_path.rglob("*.csv")).parents
    assert ImportRun.objects.get().state == ImportState.REFUSED


def test_an_ambiguous_column_is_settled_in_the_mapping(ops, shop, run_jobs):
    edit(shop / "deals.csv", "3/25/2024", "3/5/2024")
    answer = send(ops, files(shop))
    run_jobs()
    run = ImportRun.objects.get()
    assert run.state == ImportState.REFUSED
    assert "tables.deals.dates.closed" in ops.get(answer.url).content.decode()
    text = run.mapping.replace("    history:", "    dates: {closed: mdy}\n    history:")
    ops.post(reverse("crm:import-check", args=[run.pk]), {"mapping": text})
    run_jobs()
    run.refresh_from_db()
    assert run.state == ImportState.CHECKED


def test_a_wrong_mapping_is_told_at_its_field(ops, shop, bring):
    run = bring(shop, dry_run=True)
    answer = ops.post(
        reverse("crm:import-check", args=[run.pk]), {"mapping": run.mapping.replace("New: prospect", "New: x")}
    )
    assert answer.status_code == 422
    assert "leads to &#x27;x&#x27;" in answer.content.decode()


def test_a_run_is_brought_in_once(ops, run):
    assert ops.post(reverse("crm:import-start", args=[run.pk])).status_code == 409


def test_the_same_files_again(ops, run, run_jobs):
    answer = ops.post(reverse("crm:import-again", args=[run.pk]))
    run_jobs()
    again = ImportRun.objects.exclude(pk=run.pk).get()
    assert answer.url == reverse("crm:import-detail", args=[again.pk])
    assert again.summary["counts"]["deal"]["same"] == 5


def test_a_page_at_work_keeps_itself_up_to_date(ops, shop):
    address = send(ops, files(shop)).url
    token = ops.get(address).context["token"]
    assert ops.get(address, {"token": token}, headers={"HX-Live": "true"}).status_code == 204
    assert ops.get(address, {"token": "older"}, headers={"HX-Live": "true"}).status_code == 200


def test_remarks_by_rule_and_the_report(ops, run):
    page = ops.get(reverse("crm:import-remarks", args=[run.pk]), {"rule": "near-match"}).content.decode()
    assert "BigBox" in page
    assert "retial" not in page
    report = ops.get(reverse("crm:import-report", args=[run.pk])).content.decode().splitlines()
    assert report[0] == "level,rule,file,line,column,value,what is odd,what was done"
    assert any(line.startswith("warning,near-match,deals.csv,3,product,BigBox,") for line in report)


def test_in_use_records_are_named_before_an_undo(ops, run):
    deal = Deal.objects.get(source_id="D2")
    Deal.objects.filter(pk=deal.pk).update(version=2)
    address = reverse("crm:import-undo", args=[run.pk])
    assert "Keep these, undo the rest" in ops.get(address).content.decode()
    assert ops.post(address).status_code == 409
    assert Deal.objects.count() == 5
