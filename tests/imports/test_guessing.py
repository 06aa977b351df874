"""Files that nobody has described, and the mappings that come with the product for known exports."""

from __future__ import annotations

import pytest

from crm.importing.finding import Folder, look_into
from crm.importing.guessing import guess_mapping
from crm.importing.mapping import load_mapping
from crm.importing.plan import make_plan
from crm.importing.records import Ref
from crm.models import Account, Contact, ImportState
from deals.models import Deal
from tests.imports.conftest import counts, real, remarks

pytestmark = pytest.mark.usefixtures("playbook")

ONE_FILE = """Record ID,Deal Name,Company,Deal owner,Deal Stage,Amount,Close Date,Create Date,Colour
11,Big one,Alpha,Ann Able,Qualified,"1,200.50",2024-06-30,2024-01-02,red
12,Other one,,Bob Best,Closed Won,500,2024-05-31,2024-02-03,blue
13,Third,Beta,Ann Able,Somewhere,,2024-05-31,2024-02-03,blue
"""
FILES = {
    "accounts.csv": "Id,Name,Industry\nA1,Alpha,Retail\nA2,Beta,Energy\n",
    "people.csv": "Id,Full Name,Email\nU1,Ann Able,ann@example.test\n",
    "opps.csv": "Id,Name,AccountId,OwnerId,StageName,Amount,CloseDate\nO1,Big,A1,U1,Demo,5,2024-06-30\n",
}


def look(tmp_path, files: dict[str, str]) -> Folder:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return look_into(tmp_path)


def test_one_file_brings_accounts_and_people_out_of_its_columns(tmp_path):
    files = look(tmp_path, {"deals.csv": ONE_FILE})
    mapping = load_mapping(guess_mapping(files))
    made = make_plan(mapping, files)
    assert [record.values["name"] for record in made.records["deal"]] == ["Big one", "Other one"]
    assert [record.source_id for record in made.records["account"]] == ["Alpha", "Beta", "(none)"]
    assert [record.values["roles"] for record in made.records["person"]] == [("rep",), ("rep",)]
    assert [(each.line, each.value) for each in made.remarks if each.rule == "value-unknown"] == [(4, "Somewhere")]


def test_several_files_refer_to_each_other_by_id(tmp_path):
    files = look(tmp_path, FILES)
    made = make_plan(load_mapping(guess_mapping(files)), files)
    deal = made.records["deal"][0]
    assert (deal.values["account"], deal.values["owner"]) == (Ref("account", "A1"), Ref("person", "U1"))


def test_a_guess_is_checked_but_never_carried_out_unseen(tmp_path, bring):
    look(tmp_path, {"deals.csv": ONE_FILE})
    checked = bring(tmp_path, dry_run=True)
    assert (checked.state, len(remarks(checked, "guessed"))) == (ImportState.CHECKED, 1)
    assert bring(tmp_path).state == ImportState.REFUSED
    assert bring(tmp_path, mapping=checked.mapping).state == ImportState.DONE
    assert Deal.objects.count() == 2


def test_nothing_is_guessed_from_anything(tmp_path):
    assert guess_mapping(look(tmp_path, {"weather.csv": "day,rain\n1,2\n"})) == ""


def test_two_shapes_are_two_sources(tmp_path):
    one = guess_mapping(look(tmp_path, {"deals.csv": ONE_FILE}))
    other = guess_mapping(look(tmp_path, {"deals.csv": ONE_FILE.replace("Colour", "Color")}))
    assert load_mapping(one).source != load_mapping(other).source


def test_a_real_export_with_deleted_rows_and_two_digit_years(bring):
    run = bring(real("salesforce_samples/devorg_sample"))
    assert run.state == ImportState.DONE
    assert counts(run)["created"] == Deal.objects.count() == 36
    assert Contact.objects.count() == 25
    assert Account.objects.filter(is_placeholder=False).count() == 18
    assert Deal.objects.won().count() == 12
    assert {str(deal.owner) for deal in Deal.objects.all()} == {"Owner not known"}
    assert len(remarks(run, "dates-backwards")) > 0
