"""The forecast's model in the product: what it reads, what a run keeps, and what its pages say."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Job, Person
from crm.queries import company as companies
from crm.queries import playbook as playbooks
from crm.services.audit import Act
from deals.models import Deal
from reports.models import DealChance, ForecastRun
from reports.queries import forecast_events, forecast_model
from reports.queries.forecast_events import history
from reports.queries.forecast_model import compute
from reports.services import forecast_runs
from tests.reports.book import book as book
from tests.reports.book import on, table
from tests.reports.book import read as read
from tests.reports.histories import make_history


def test_what_the_model_reads_of_a_past(book, monkeypatch):
    """A row whenever stage, amount or outcome changed; a hand-over changes nothing, and what is converted is."""

    def rows() -> list[Any]:
        raw, _ = history(on(45), {"USD": 1.0, "EUR": 1.25})
        stages = [raw.stages[code] for code in raw.stage]
        return [
            *zip(
                raw.case.tolist(),
                stages,
                [None if np.isnan(one) else one for one in raw.amount],
                raw.outcome.tolist(),
                strict=True,
            )
        ]

    expected = [
        (0, "discovery", 100000.10, 0),
        (0, "discovery", 150000.00, 0),
        (0, "proposal", 150000.00, 0),
        (0, "won", 150000.00, 1),
        (1, "discovery", 41666.66, 0),
        (2, "discovery", None, 0),
    ]
    found = rows()
    assert found in (expected, [expected[0], *expected[2:]])
    whole = history(on(45), {"USD": 1.0, "EUR": 1.25})[1]
    monkeypatch.setattr(forecast_events, "CHUNK", 1)
    assert rows() == found
    assert history(on(45), {"USD": 1.0, "EUR": 1.25})[1] == whole
    assert history(on(39), {"USD": 1.0, "EUR": 1.25})[1] != whole
    assert history(on(-1), {})[0].cases == ()


@pytest.fixture
def ran(
    rae: Person, remy: Person, mona: Person, otto: Person, run_jobs: Any, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> ForecastRun:
    """A company with three hundred days of history, and a run that operations asked for."""
    monkeypatch.setattr(forecast_model, "EVERY_DAYS", 21)  # looking less often is quicker, and the same otherwise
    make_history([rae, remy], timezone.now(), deals=150, days=300)
    assert sign_in(otto).post(reverse("reports:forecast-run")).status_code == 302
    assert run_jobs() >= 1
    found: ForecastRun = ForecastRun.objects.get()
    assert (found.state, found.said) == ("done", "")
    return found


def test_every_number_kept_can_be_computed_again(ran):
    again = compute(ran.asked, playbooks.by_number(1), companies.company(), ran.as_of)
    assert again.inputs == ran.inputs
    assert again.result == ran.result
    kept = {row.deal_id: (row.chance, row.value, row.because) for row in DealChance.objects.all()}
    assert kept == {
        int(one.case_id): (Decimal(f"{one.chance:.6f}"), Decimal(f"{one.value:.2f}"), [*one.reasons])
        for one in again.deals
    }
    assert set(kept) == set(Deal.objects.filter(outcome="open").values_list("pk", flat=True))
    assert all(0 < chance < 1 for chance, _, _ in kept.values())


def test_a_long_history_is_looked_at_in_longer_steps(rae, playbook, monkeypatch):
    """All of it, but no more often than so many times: a night has an end."""
    monkeypatch.setattr(forecast_model, "LOOKS", 5)
    make_history([rae], timezone.now(), deals=60, days=300)
    company, now = companies.company(), timezone.now()
    asked = forecast_model.question(company, now, now.date()) | {"windows": ["30"]}
    past = compute(asked, playbook, company, now.date()).result["windows"]["30"]["backtest"]
    assert past["every_days"] % 7 == 0 < past["every_days"]
    assert 3 <= past["warm_up_origins"] + past["origins"] <= 5


def test_a_run_is_safe_twice_another_takes_its_place_and_a_failed_one_does_not(
    ran, run_jobs, sign_in, otto, monkeypatch
):
    job = Job.objects.get(pk=ran.asked["job"])
    assert forecast_runs.perform(job, lambda done, total: None).pk == ran.pk
    assert ForecastRun.objects.count() == 1
    # A worker that was killed left its run begun; the next one finishes that.
    killed = forecast_runs.ask(act=Act(by=otto))
    begun = forecast_runs.begin(companies.company(), timezone.now(), ran.as_of, job=killed.pk)
    told: list[tuple[int, int]] = []
    newer = forecast_runs.perform(killed, lambda *it: told.append(it))
    assert (newer.pk, newer.state) == (begun.pk, "done")
    assert told[0] == (0, 500)
    assert told[-1] == (500, 500)
    Job.objects.filter(pk=killed.pk).update(state="done")
    kept = list(DealChance.objects.values_list("pk", "run"))
    assert {run for _, run in kept} == {newer.pk}
    monkeypatch.setattr(forecast_runs, "compute", lambda *_: 1 / 0)
    sign_in(otto).post(reverse("reports:forecast-run"))
    with pytest.raises(ZeroDivisionError):
        run_jobs()
    assert ForecastRun.objects.latest("pk").said.startswith("ZeroDivisionError")
    assert list(DealChance.objects.values_list("pk", "run")) == kept


def test_the_night_asks_once_and_runs_over_the_day_before(rae, remy, run_jobs):
    now = timezone.now()
    make_history([rae, remy], now, deals=60, days=200)
    forecast_runs.plan(now)
    forecast_runs.plan(now)
    assert Job.objects.filter(task=forecast_runs.TASK).count() == 1
    run_jobs()
    day = (now - dt.timedelta(hours=3)).date() - dt.timedelta(days=1)
    assert list(ForecastRun.objects.values_list("as_of", "state")) == [(day, "done")]


def test_only_operations_runs_it(sign_in, mona, rae, vik):
    for who in (mona, rae, vik):
        assert sign_in(who).post(reverse("reports:forecast-run")).status_code == 403
    assert not Job.objects.exists()


def test_the_forecast_shows_what_the_run_expects(ran, read, sue, mona, rae):
    quarter, window = ran.result["quarter"], ran.result["windows"]["quarter"]
    whole = table(read(sue, "forecast"), "model")
    won = Decimal(quarter["won"])
    assert whole[0][1:] == [str(won + Decimal(window[name])) for name in ("low", "middle", "high")]
    assert [row[0] for row in whole[2:5]] == [
        "from deals open then",
        "from deals not open yet",
        "what past errors change",
    ]
    east = quarter["groups"][f"team:{mona.team_id}"]
    mine = read(mona, "forecast")
    assert table(mine, "model")[0][2] == str(Decimal(east["won"]) + Decimal(east["middle"]))
    rows = {row[0]: row[-1] for row in table(mine, "teams")}
    assert rows["East"] == table(mine, "model")[0][2]
    assert rows["Rae Test"] == table(read(rae, "forecast"), "model")[0][2]
    assert "model" not in [one["key"] for one in read(sue, "forecast", as_of="2020-01-01")["tables"]]


def test_how_good_it_is_said_plainly_and_to_the_digit(ran, read, sue, mona, eve):
    for horizon, name in ((30, "30"), (0, "quarter")):
        past = ran.result["windows"][name]["backtest"]
        found = read(sue, "model", horizon=horizon)
        assert found["says"][: len(past["says"])] == past["says"]
        assert found["says"][len(found["says"]) - len(past["warnings"]) :] == past["warnings"]
        looks = table(found, "looks")
        assert [row[1] for row in looks] == [one["actual"] for one in past["looks"]]
        assert [row[3] for row in looks] == [one["said"]["model"] for one in past["looks"]]
        bins = past["methods"]["model"]["reliability"]
        assert [Decimal(row[1]) for row in table(found, "bins")] == [
            round(Decimal(str(one["came_true"])), 4) for one in bins
        ]
        assert [one["key"] for one in found["charts"]] == ["looks", "interval", "number", "value"]
    fared = [row[:4] for row in table(found, "fared")]
    scores = ran.result["windows"]["90"]["backtest"]["methods"]["model"]
    assert fared[13][0] == "Model"
    assert Decimal(fared[13][1]) == round(Decimal(str(scores["wape"])) * 100, 1)
    mine = read(mona, "model")
    note = next(one for one in mine["tables"] if one["key"] == "looks")["note"]
    assert note == "In percent of what such a window brought on average."
    money = ran.result["windows"]["90"]["backtest"]["looks"][0]["actual"]
    assert money not in str(mine)
    assert money not in str(read(eve, "model"))


def test_a_rivals_number_is_not_given_the_models_interval(ran, read, sue):
    window = ran.result["windows"]["90"]
    window |= {"shown": "last_period", "shown_total": "9000000.00", "model_total": "1000000.00"}
    window |= {"low": "500000.00", "high": "1500000.00"}
    window["backtest"]["shown"] = "last_period"
    ran.save()
    said = " ".join(read(sue, "model")["says"]).replace("\xa0", " ")
    assert (
        "it says 9.00 M USD for that window (Last period repeated); the model says 1.00 M, between 500 K and 1.50 M."
        in said
    )


def test_too_little_history_is_said(rae, read, sue, run_jobs, sign_in, otto):
    assert read(sue, "model")["says"] == ["The model has not run yet. It does every night; operations can run it now."]
    make_history([rae], timezone.now(), deals=6, days=60)
    sign_in(otto).post(reverse("reports:forecast-run"))
    run_jobs()
    assert any(one.startswith("Too little history:") for one in read(sue, "model")["says"])
    Deal.objects.all().delete()
    sign_in(otto).post(reverse("reports:forecast-run"))
    run_jobs()
    assert read(sue, "model")["says"] == ["There is no history to learn from yet."]


def test_a_deals_chance_with_its_reasons_for_who_sees_it_in_full(ran, sign_in, rae, remy, eve):
    row = DealChance.objects.filter(deal__owner=rae).first()
    assert row is not None
    address = reverse("reports:deal-chance", args=[row.deal_id])
    page = sign_in(rae).get(address)
    assert page.context["chance"].row == row
    for because in row.because:
        assert because.replace("'", "&#x27;") in page.content.decode()
    for who in (remy, eve):
        assert sign_in(who).get(address).status_code == 404
