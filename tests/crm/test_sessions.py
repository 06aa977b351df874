"""Signing in and out, where one lands, and what a script gets when the session is over."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from crm.models import Person
from tests.conftest import SignIn
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings) -> Person:
    settings.DEMO_MODE = True
    return make_person("rep", "rep", is_demo=True)


def test_without_a_session_every_page_leads_to_sign_in(client: Client, playbook: object) -> None:
    answer = client.get("/accounts/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/accounts/")


def test_a_script_gets_401_in_place(client: Client, playbook: object) -> None:
    assert client.get("/accounts/", headers={"HX-Request": "true"}).status_code == 401


def test_by_password_back_to_where_one_wanted_to_go(client: Client, rae: Person) -> None:
    rae.set_password("a long password")
    rae.save()
    form = {"username": "rae", "password": "a long password", "next": "/accounts/"}
    assert client.post("/sign-in/", form)["Location"] == "/accounts/"


def test_a_wrong_password_is_told_and_signs_nobody_in(client: Client, rae: Person) -> None:
    answer = client.post("/sign-in/", {"username": "rae", "password": "no"})
    assert "This user name and password don't belong together" in unescape(answer.content.decode())
    assert "_auth_user_id" not in client.session


def test_the_demo_lists_its_people_and_one_click_signs_in(client: Client, demo: Person) -> None:
    assert '<button name="demo" value="rep"' in client.get("/sign-in/").content.decode()
    client.post("/sign-in/", {"demo": "rep"})
    assert client.session["_auth_user_id"] == str(demo.pk)


def test_outside_the_demo_nobody_is_listed_or_signed_in_so(client: Client, demo: Person, settings) -> None:
    settings.DEMO_MODE = False
    assert 'name="demo"' not in client.get("/sign-in/").content.decode()
    assert client.post("/sign-in/", {"demo": "rep"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_in_the_demo_only_its_own_people_sign_in_by_a_click(client: Client, demo: Person, otto: Person) -> None:
    assert client.post("/sign-in/", {"demo": "otto"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_signing_out_is_a_post(sign_in: SignIn, rae: Person) -> None:
    browser = sign_in(rae)
    assert browser.get("/sign-out/").status_code == 405
    assert browser.post("/sign-out/")["Location"] == "/sign-in/"
    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize(
    "name, place",
    [("rae", "/today/"), ("mona", "/today/"), ("otto", "/today/"), ("eve", "/today/"), ("vera", "/deals/totals/")],
)
def test_home_is_where_ones_work_is(sign_in: SignIn, cast: dict[str, Person], name: str, place: str) -> None:
    assert sign_in(cast[name]).get("/")["Location"] == place


def test_without_a_role_home_says_whom_to_ask(sign_in: SignIn, charlie: Person) -> None:
    answer = sign_in(charlie).get("/")
    assert answer.status_code == 200
    assert "You have no role yet" in answer.content.decode()


def test_times_are_shown_on_the_persons_clock(sign_in: SignIn, otto: Person) -> None:
    otto.time_zone = "Pacific/Auckland"
    otto.save()
    make_person("lea")
    Person.objects.filter(username="lea").update(date_joined=dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC))
    assert "2\u00a0Jan" in sign_in(otto).get("/people/?q=lea").content.decode()
    timezone.deactivate()


def test_a_zone_unknown_here_is_utc(sign_in: SignIn, otto: Person) -> None:
    otto.time_zone = "Mars/Olympus"
    otto.save()
    assert sign_in(otto).get("/people/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/accounts/?q=%00", "/deals/?stage=a%00b", "/deals/new/?q=%00", "/imports/?%00=1", "/%00/"]
)
def test_an_address_no_text_can_hold_is_said_to_be_unreadable(sign_in: SignIn, otto: Person, path: str) -> None:
    answer = sign_in(otto).get(path)
    assert answer.status_code == 400
    assert "That request could not be read" in answer.content.decode()


def test_a_demo_person_of_an_unreadable_name_is_nobody(client: Client, demo: Person) -> None:
    assert client.post("/sign-in/", {"demo": "rep\x00"}).status_code == 404
