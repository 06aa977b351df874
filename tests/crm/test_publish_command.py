"""manage.py publish_playbook: the shipped playbook or another, checked, compared, published once."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from crm.models import AuditEntry, Competitor, Job, PlaybookVersion, Product
from deals.models import Deal
from playbook import storing
from playbook.schema import Playbook
from tests.factories import make_deal, make_person

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_engine("what a command says; test_publishing publishes on both engines"),
]


def run(*args: object) -> str:
    said = StringIO()
    call_command("publish_playbook", *map(str, args), stdout=said)
    return said.getvalue()


@pytest.fixture
def folder(playbook: Playbook, tmp_path: Path) -> Path:
    """The playbook in force as a folder to be changed."""
    for name, text in storing.dump(playbook).items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def change(folder: Path, old: str, new: str, name: str = "stages.yaml") -> None:
    path = folder / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


def drop_demo(folder: Path) -> None:
    path = folder / "stages.yaml"
    stages = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump([stage for stage in stages if stage["key"] != "demo"]), encoding="utf-8")


def test_an_empty_installation_gets_the_shipped_playbook():
    assert "Published version 1." in run()
    version = PlaybookVersion.objects.get()
    assert (version.number, version.published_by, AuditEntry.objects.get().route) == (1, None, "command")
    assert Competitor.objects.filter(in_playbook=True).count() == len(version.data["competitors"])
    assert Product.objects.count() == 7
    assert Job.objects.get().task == "scoring.tasks.rescore_all"


def test_again_it_publishes_nothing(playbook: Playbook):
    assert "already in force, version 1" in run()
    assert PlaybookVersion.objects.count() == 1


def test_a_change_is_shown_and_published_with_its_note(folder: Path):
    change(folder, "label: Demo\n", "label: Demonstration\n")
    said = run(folder, "--note", "Clearer")
    assert "changed  stages: demo › label: 'Demo' -> 'Demonstration'" in said
    assert PlaybookVersion.objects.get(number=2).note == "Clearer"


def test_a_dry_run_publishes_nothing(folder: Path):
    change(folder, "label: Demo\n", "label: Demonstration\n")
    assert "Nothing was published" in run(folder, "--dry-run")
    assert PlaybookVersion.objects.count() == 1


def test_every_error_is_said_with_file_and_line(folder: Path):
    change(folder, "probability_percent: 5\n", "probability_percent: 500\n")
    change(folder, "weight: 20", "weight: 21", "bant.yaml")
    with pytest.raises(CommandError) as refused:
        run(folder)
    said = str(refused.value)
    assert "2 things are wrong" in said
    assert "stages.yaml:3: [prospect].probability_percent: can't be 500" in said
    assert PlaybookVersion.objects.count() == 1


def test_a_dropped_stage_needs_a_move(folder: Path):
    drop_demo(folder)
    with pytest.raises(CommandError, match="This version drops Demo"):
        run(folder)
    assert PlaybookVersion.objects.count() == 1


def test_a_move_takes_the_deals_along(folder: Path):
    deal = make_deal(make_person("rae", "rep"), stage="demo")
    drop_demo(folder)
    run(folder, "--move", "stages:demo=poc")
    assert Deal.objects.get(pk=deal.pk).stage == "poc"


@pytest.mark.parametrize("move", ["demo=poc", "stages:demo", "stages:=poc", "x"])
def test_a_move_of_another_form_is_explained(folder: Path, move: str):
    drop_demo(folder)
    with pytest.raises(CommandError, match="PART:OLD=NEW"):
        run(folder, "--move", move)
