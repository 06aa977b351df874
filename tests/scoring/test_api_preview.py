"""POST /api/scores/preview/: the golden lead scores over HTTP, and every way to ask wrongly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

URL = "/api/scores/preview/"
GOLDEN = yaml.safe_load((Path(__file__).parent.parent / "golden" / "leads.yaml").read_text())
ORDER = ("budget", "authority", "need", "timeline", "technical_fit", "strategic_alignment")
HALF = {"budget": 5, "authority": 4, "need": None, "timeline": 3, "technical_fit": 3, "strategic_alignment": 4}


def ask(client: Client, body: Any) -> Any:
    return client.post(URL, body, content_type="application/json")


@pytest.fixture
def client(sign_in, rae):
    return sign_in(rae)


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: str(row["scores"]))
def test_golden(client, row):
    found = ask(client, {"scores": dict(zip(ORDER, row["scores"], strict=True))}).json()
    assert found["total"] == row.get("total")
    assert found["range"] == row.get("range", [row.get("total")] * 2)
    assert found["lead_class"] == row["class"]


def test_each_contribution_is_told(client):
    found = ask(client, {"scores": HALF}).json()["contributions"]
    assert [(part["criterion"], part["score"], part["product"]) for part in found][:3] == [
        ("budget", 5, "1.00"),
        ("authority", 4, "1.00"),
        ("need", None, None),
    ]


def test_a_criterion_left_out_is_not_scored_yet(client):
    without = {key: value for key, value in HALF.items() if value is not None}
    assert ask(client, {"scores": without}).json() == ask(client, {"scores": HALF}).json()


@pytest.mark.parametrize("value", [0, 6, -1, 3.5, 4.0, "4", True, [], {}])
def test_a_score_off_the_scale_is_named(client, value):
    answer = ask(client, {"scores": {**HALF, "budget": value}})
    assert answer.status_code == 422
    assert "whole number from 1 to 5" in str(answer.json()["error"]["fields"]["scores.budget"])


def test_an_unknown_criterion_is_named_with_those_there_are(client):
    answer = ask(client, {"scores": {**HALF, "charm": 5}})
    assert answer.status_code == 422
    assert "strategic_alignment" in str(answer.json()["error"]["fields"]["scores.charm"])


@pytest.mark.parametrize("body", [{}, {"scores": None}, {"scores": [1, 2]}, {"scores": "all"}, [], 7])
def test_a_body_of_another_shape_is_unprocessable(client, body):
    assert ask(client, body).status_code == 422


def test_malformed_json(client):
    assert client.post(URL, "{", content_type="application/json").status_code == 400


def test_reading_it_is_not_allowed(client):
    assert client.get(URL).status_code == 405


@pytest.mark.parametrize(
    "who, status",
    [
        *((who, 200) for who in ("rae", "remy", "mona", "vik", "sue", "eve", "otto", "vera")),
        ("charlie", 404),
    ],
)
def test_whoever_reads_the_playbook_may_ask(sign_in, cast, who, status):
    assert ask(sign_in(cast[who]), {"scores": HALF}).status_code == status


def test_not_signed_in(sign_in, playbook):
    assert ask(sign_in(None), {"scores": HALF}).status_code == 401
