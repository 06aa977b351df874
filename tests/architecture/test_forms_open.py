"""Every page opens by itself and as what htmx asks for; every form of what is written about a record does, of each kind."""

from __future__ import annotations

import pytest

from tests.architecture.access_table import row_of
from tests.architecture.url_map import addresses

pytestmark = pytest.mark.django_db

PAGES = {
    name: row
    for name in sorted(addresses())
    if (row := row_of(name)) and row.kind == "page" and 200 in row.get.values() and not name.startswith("admin:")
}
ENTRIES = {"note": "notes", "task": "tasks", "activity": "activities", "email": "activities", "attachment": "files"}
FORMS = [
    (which, f"/{words}/{{pk}}/{step}")
    for which, words in ENTRIES.items()
    for step in ("", "edit/", "delete/")
    if (which, step) != ("attachment", "edit/")  # a file is replaced, not edited
]
ADDED = ("note", "task", "call", "email", "files")
DIALOG = {"HX-Request": "true", "HX-Target": "dialogs"}
BOTH = pytest.mark.parametrize("headers", [{}, DIALOG], ids=["page", "dialog"])


@pytest.mark.parametrize("name", PAGES)
def test_every_page_answers_htmx_too(world, name):
    row = PAGES[name]
    answer = world.client(row.reader).get(addresses()[name].url(world.kwargs | row.args(world)), headers=DIALOG)
    assert answer.status_code == 200


@BOTH
@pytest.mark.parametrize("which, path", FORMS)
def test_every_kind_of_entry_opens(world, which, path, headers):
    path = path.format(pk=getattr(world, which).pk)
    assert world.client("rae").get(path, headers=headers).status_code == 200


@BOTH
@pytest.mark.parametrize("kind", ["deal", "account", "contact"])
@pytest.mark.parametrize("noun", ADDED)
def test_every_form_of_something_new_opens(world, kind, noun, headers):
    path = f"/{kind}s/{getattr(world, kind).pk}/add/{noun}/"
    assert world.client("rae").get(path, headers=headers).status_code == 200
