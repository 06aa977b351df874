"""What the environment may say, and the sentences for what it may not."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import LOOPBACK_HOSTS, read_environment

STRONG = "k3-Zr8vQ_w1Tn6Yb0Lx5Hc2Pf9Gd4Ms7Ja-eUiOqWzXyRtBvNkLp"
DEPLOYED = {
    "SECRET_KEY": STRONG,
    "ALLOWED_HOSTS": "crm.example.com",
    "DATABASE_URL": "postgres://u:p@db/quarterdeck",
    "REDIS_URL": "redis://redis/0",
}


def read(tmp_path, **values):
    return read_environment({"VAR_DIR": str(tmp_path / "var"), **values}, base_dir=tmp_path)


def problems(tmp_path, **values):
    with pytest.raises(ImproperlyConfigured) as caught:
        read(tmp_path, **values)
    return str(caught.value)


def test_nothing_said_means_embedded_and_reachable_from_this_machine_only(tmp_path):
    found = read(tmp_path)
    assert (found.embedded, found.debug, found.demo, found.https) == (True, False, False, False)
    assert found.allowed_hosts == LOOPBACK_HOSTS


def test_embedded_key_is_made_once_strong_and_for_this_user_only(tmp_path):
    first, second = read(tmp_path), read(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 50
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_complete_deployment_is_accepted_with_https_on(tmp_path):
    found = read(tmp_path, **DEPLOYED)
    assert (found.embedded, found.https, found.secret_key) == (False, True, STRONG)


@pytest.mark.parametrize(
    "changes,sentence",
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short-but-quite-random-9X"}, "SECRET_KEY has 25 characters"),
        ({"SECRET_KEY": "ab" * 40}, "SECRET_KEY repeats 2 characters"),
        ({"SECRET_KEY": "django-insecure-" + STRONG}, "SECRET_KEY is a placeholder"),
        ({"SECRET_KEY": "change-me-" + STRONG}, "SECRET_KEY is a placeholder"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS contains *"),
        ({"TRUSTED_ORIGINS": "crm.example.com"}, "TRUSTED_ORIGINS contains crm.example.com, which has no scheme"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "mysql://u@db/x"}, "DATABASE_URL names an engine"),
        ({"REDIS_URL": ""}, "REDIS_URL is not set"),
        ({"REDIS_URL": "amqp://mq"}, "REDIS_URL is no Redis address"),
        ({"QUARTERDECK_DEMO": "1"}, "QUARTERDECK_DEMO is on"),
        ({"HTTPS": "maybe"}, "HTTPS is 'maybe'"),
    ],
)
def test_a_deployment_is_refused_with_a_sentence(tmp_path, changes, sentence):
    assert sentence in problems(tmp_path, **{**DEPLOYED, **changes})


def test_all_problems_are_said_at_once(tmp_path):
    said = problems(tmp_path, DEBUG="0")
    assert said.count("\n  - ") == 3
    assert all(name in said for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"))


def test_debug_pages_are_for_this_machine_only(tmp_path):
    assert read(tmp_path, DEBUG="1").embedded
    assert "DEBUG is on while ALLOWED_HOSTS names crm.example.com" in problems(
        tmp_path, DEBUG="1", ALLOWED_HOSTS="crm.example.com"
    )


def test_demo_is_only_where_it_is_asked_for(tmp_path):
    assert read(tmp_path, QUARTERDECK_DEMO="1").demo
    assert not read(tmp_path, DEBUG="1").demo


def test_a_data_folder_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "file").touch()
    said = problems(tmp_path, VAR_DIR=str(tmp_path / "file" / "var"))
    assert "which can't be used" in said
    assert str(Path(tmp_path / "file" / "var")) in said


def test_paper_comes_in_two_sizes(tmp_path):
    assert [read(tmp_path, PAPER_SIZE=size).paper_size for size in ("", "a4", "Letter")] == ["A4", "A4", "Letter"]
    assert "PAPER_SIZE is 'A3'. Say A4 or Letter." in problems(tmp_path, PAPER_SIZE="A3")
