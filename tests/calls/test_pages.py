"""A call from page to page, as a browser without scripts walks it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from calls.models import Call, Entry
from calls.services.holding import begin_call, end_call
from calls.services.plans import cancel_call, plan_call
from crm.services.audit import Act
from tests.calls.conftest import SOON, at, by, write
from tests.factories import make_deal

pytestmark = pytest.mark.django_db
PLANNED = {"starts_at": "2026-04-02T10:30", "length": "60", "goal": "Find the budget."}


def url(name: str, *args: int) -> str:
    return reverse(f"calls:{name}", args=args)


@pytest.fixture
def page(client, rae):
    client.force_login(rae)
    return client


def test_a_call_is_planned_with_people_a_length_and_a_goal(page, deal, ana, rae, mona):
    sent = PLANNED | {
        "owner": rae.pk,
        "ours": [rae.pk, mona.pk],
        f"contact-{ana.pk}": "on",
        f"persona-{ana.pk}": "cfo",
        "guest-1-name": "Nora Nolde",
        "guest-1-persona": "procurement",
        "length": "other",
        "minutes": "45",
    }
    answer = page.post(url("call-create", deal.pk), sent)
    call = Call.objects.get()
    assert answer["Location"] == url("call-detail", call.pk)
    assert (call.minutes, call.goal, call.owner) == (45, "Find the budget.", rae)
    assert call.starts_at == dt.datetime(2026, 4, 2, 10, 30, tzinfo=rae.zone)
    assert [(one.name, one.side, one.persona) for one in call.attendees.all()] == [
        ("Rae Test", "ours", ""),
        ("Mona Test", "ours", ""),
        ("Ana Adler", "theirs", "cfo"),
        ("Nora Nolde", "theirs", "procurement"),
    ]
    assert sum(part.minutes for part in call.parts.all()) == 45


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"starts_at": ""}, "Say when it begins."),
        ({"length": "other"}, "Say how many minutes, from 15 to 240."),
        ({"length": "other", "minutes": "300"}, "less than or equal to 240"),
        ({"guest-0-title": "CFO"}, "Give the guest a name."),
    ],
)
def test_a_plan_that_is_refused_keeps_what_was_typed(page, deal, rae, wrong, said):
    answer = page.post(url("call-create", deal.pk), PLANNED | {"owner": rae.pk, "title": "Second talk"} | wrong)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert 'value="Second talk"' in text
    assert not Call.objects.exists()


def test_a_form_that_is_sent_twice_plans_one_call(page, deal, rae):
    sent = PLANNED | {"owner": rae.pk, "once": "3b241101-e2bb-4255-8caf-4136c566a962"}
    first, second = (page.post(url("call-create", deal.pk), sent) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Call.objects.count() == 1


def test_a_plan_is_changed_unless_somebody_was_faster(page, planned, rae):
    form = page.get(url("call-plan", planned.pk)).context["form"]
    sent = {name: value for name, value in form.initial.items() if value is not None}
    sent |= {"starts_at": "2026-04-03T09:00", "title": "Second talk"}
    assert page.post(url("call-plan", planned.pk), sent).status_code == 302
    planned.refresh_from_db()
    assert planned.title == "Second talk"
    assert [str(one) for one in planned.attendees.all()] == ["Rae Test", "Ana Adler"]
    late = page.post(url("call-plan", planned.pk), sent | {"title": "Third talk"})
    planned.refresh_from_db()
    assert (late.status_code, planned.title) == (409, "Second talk")


def test_questions_are_pinned_dropped_added_and_come_back(page, planned):
    first, second, third = planned.questions.all()[:3]
    do = {one: url("question-do", planned.pk, one.pk) for one in (first, second, third)}
    assert page.post(do[third], {"do": "pin"}).status_code == 302
    page.post(do[second], {"do": "drop"})
    page.post(url("question-add", planned.pk), {"text": "Who ran the last project?"})
    text = page.get(url("call-detail", planned.pk)).content.decode()
    assert text.index(third.text) < text.index(first.text)
    assert "1 dropped" in text
    assert "Who ran the last project?" in text
    bare = page.post(do[second], {"do": "restore"}, headers={"HX-Request": "true"})
    assert bare.content.decode().startswith("<section")
    assert "dropped" not in bare.content.decode()
    assert page.post(url("question-add", planned.pk), {}).status_code == 422
    assert page.post(do[first], {"do": "sing"}).status_code == 422
    assert page.post(url("question-do", planned.pk, 10**6), {"do": "pin"}).status_code == 404


def test_the_agenda_adds_up_to_the_call(page, planned):
    minutes = {part.key: part.minutes for part in planned.parts.all()}
    sent = minutes | {"version": planned.version}
    wrong = page.post(url("call-agenda", planned.pk), sent | {"pain": 20})
    assert (wrong.status_code, "The parts take 66 minutes; the call has 60." in wrong.content.decode()) == (422, True)
    assert page.post(url("call-agenda", planned.pk), sent | {"pain": 17, "introductions": 0}).status_code == 302
    assert planned.parts.get(key="introductions").minutes == 0


def test_a_call_is_held_without_scripts(page, planned):
    live = url("call-live", planned.pk)
    assert page.post(url("call-begin", planned.pk))["Location"] == live
    question = planned.questions.first()
    page.post(url("question-do", planned.pk, question.pk), {"do": "ask", "at": "live"})
    page.post(url("call-part", planned.pk), {"part": "pain"})
    sent = {"text": "/pain Licences went up\nto 4.2M a year", "question": question.pk, "for_customer": "on"}
    assert page.post(url("call-note", planned.pk), sent)["Location"] == f"{live}#notes"
    entry = Entry.objects.get()
    assert (entry.text, entry.question, entry.for_customer) == (sent["text"], question, True)
    text = page.get(live).content.decode()
    assert "to 4.2M a year" in text
    assert "Asked." in text
    assert planned.parts.get(running_since__isnull=False).key == "pain"
    empty = page.post(url("call-note", planned.pk), {"text": " "})
    assert (empty.status_code, Entry.objects.count()) == (422, 1)
    page.post(url("call-end", planned.pk))
    planned.refresh_from_db()
    assert planned.state == "review"
    assert page.post(url("call-part", planned.pk), {"part": "pain"}).status_code == 409


def test_what_a_call_is_not_in_the_state_for_is_said(page, planned, rae):
    assert page.post(url("call-end", planned.pk)).status_code == 409
    assert page.post(url("call-cancel", planned.pk), {"why": "They are ill."}).status_code == 302
    assert page.post(url("call-begin", planned.pk)).status_code == 409
    assert page.get(url("call-plan", planned.pk)).status_code == 200
    assert "They are ill." in page.get(url("call-detail", planned.pk)).content.decode()
    page.post(url("call-reinstate", planned.pk))
    planned.refresh_from_db()
    assert planned.state == "planned"


def test_the_page_of_a_running_call_asks_for_what_changed(page, live):
    address = url("call-state", live.pk)
    found = page.get(address).json()
    assert [part["running"] for part in found["parts"]] == [True] + [False] * 7
    assert len(found["questions"]) == 12
    assert found["questions"][0]["why"]
    assert page.get(address, {"token": found["token"]}).status_code == 204
    asked = found["questions"][0]["id"]
    json = {"Accept": "application/json"}
    after = page.post(url("question-do", live.pk, asked), {"do": "ask"}, headers=json).json()
    assert after["questions"][0]["asked"]
    assert after["token"] != found["token"]
    moved = page.post(url("call-part", live.pk), {"part": "pain"}, headers=json).json()
    assert moved["token"] != after["token"]
    refused = page.post(url("call-part", live.pk), {"part": "no such"}, headers=json)
    assert (refused.status_code, refused.json()) == (422, {"errors": {"": ["This call has no such part."]}})


def test_calls_are_listed_by_what_they_wait_for(page, deal, rae, mona):
    made = {
        title: plan_call(act=by(rae), deal_id=deal.pk, title=title, starts_at=SOON + dt.timedelta(days=day), minutes=60)
        for day, title in enumerate(("one", "two", "three", "four"))
    }
    theirs = make_deal(mona, "Mona's", account=deal.account)
    plan_call(act=Act(by=mona, at=at()), deal_id=theirs.pk, title="Mona's", starts_at=SOON, minutes=60)
    for title in ("two", "three"):
        begin_call(act=by(rae), call_id=made[title].pk)
    end_call(act=by(rae, 60), call_id=made["three"].pk)
    cancel_call(act=by(rae), call_id=made["four"].pk)

    def listed(query: str) -> list[str]:
        return [call.title for call in page.get(f"{url('call-list')}?{query}").context["page"].rows]

    assert listed("show=upcoming&mine=yes") == ["one", "two"]
    assert listed("show=review") == ["three"]
    assert listed("show=cancelled") == ["four"]
    assert listed("mine=yes&sort=starts") == ["one", "two", "three", "four"]
    assert listed(f"deal={deal.pk}&q=tw") == ["two"]
    assert "could not be read" in page.get(f"{url('call-list')}?show=nonsense").content.decode()


def test_a_week_has_each_call_on_the_readers_day(page, planned, rae, mona):
    local = planned.starts_at.astimezone(rae.zone).date()
    week = page.get(url("call-week"), {"from": local.isoformat()}).context["week"]
    assert [day.date for day in week.days if day.calls] == [local]
    assert week.monday.weekday() == 0
    for strange in ("nonsense", "0001-01-01", "9999-12-31"):
        assert page.get(url("call-week"), {"from": strange, "whose": "all"}).status_code == 200


def test_notes_stand_on_the_page_of_the_call(page, live, rae):
    write(live, rae, *(f"note {place}" for place in range(40)))
    text = page.get(url("call-detail", live.pk)).content.decode()
    assert "40 notes" in text
    assert "note 39" in text
    assert "note 9<" not in text
