"""What everybody changes about themselves: the clock and the password."""

from __future__ import annotations

import pytest

from crm.models import AuditEntry
from tests.factories import make_person

OLD, NEW = "the one before, long", "a new one, longer still"


@pytest.fixture
def rae_in(rae, sign_in):
    rae.set_password(OLD)
    rae.save()
    return sign_in(rae)


def change(client, old=OLD, new=NEW, again=NEW):
    return client.post("/settings/password/", {"old_password": old, "new_password1": new, "new_password2": again})


def test_the_clock_is_ones_own(rae, rae_in):
    assert rae_in.post("/settings/", {"time_zone": "Asia/Tokyo"}).status_code == 302
    rae.refresh_from_db()
    assert rae.time_zone == "Asia/Tokyo"
    assert AuditEntry.objects.get(kind="person").changes == {"time_zone": ["UTC", "Asia/Tokyo"]}
    assert rae_in.post("/settings/", {"time_zone": "Mars/Olympus"}).status_code == 422
    rae.refresh_from_db()
    assert rae.time_zone == "Asia/Tokyo"


def test_a_new_password_ends_sessions_elsewhere_and_not_this_one(rae, rae_in, sign_in):
    elsewhere = sign_in(rae)
    assert change(rae_in).status_code == 302
    rae.refresh_from_db()
    assert rae.check_password(NEW)
    assert rae_in.get("/settings/").status_code == 200
    assert elsewhere.get("/settings/").status_code == 302


@pytest.mark.parametrize(
    "typed, said",
    [
        ({"old": "something else"}, "This is not the password you have now."),
        ({"again": "another"}, "The two new passwords differ."),
        ({"new": "short", "again": "short"}, "too short"),
        ({"old": ""}, "Fill this in."),
    ],
)
def test_a_password_that_is_refused_stays_the_old_one(rae, rae_in, typed, said):
    answer = change(rae_in, **typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    rae.refresh_from_db()
    assert rae.check_password(OLD)


def test_people_of_the_demo_have_no_password(playbook, sign_in):
    client = sign_in(make_person("rep", "rep", is_demo=True))
    assert "come in by one click" in client.get("/settings/").content.decode()
    assert change(client).status_code == 403
