"""The container files and the locks, as far as they can be held without an engine or a network."""

import re
from pathlib import Path

import pytest
import yaml

from scripts.run import commands

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")


@pytest.fixture
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def pinned(lock):
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)(?= ;.*| \\)", (ROOT / lock).read_text(), re.MULTILINE))


def test_compose_runs_what_the_product_needs(compose):
    assert set(compose["services"]) == {"prepare", "web", "worker", "worker-bulk", "beat", "db", "redis"}


def test_our_services_share_one_image(compose):
    ours = {service["image"] for name, service in compose["services"].items() if name not in {"db", "redis"}}
    assert ours == {"quarterdeck"}


def test_images_name_no_registry(compose):
    assert not [service["image"] for service in compose["services"].values() if "/" in service["image"]]


def test_every_lasting_service_has_a_health_check(compose):
    image_has_one = "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
    without = {name for name, service in compose["services"].items() if "healthcheck" not in service}
    assert image_has_one
    assert without == {"web"}  # it uses the image's


def test_no_secret_has_a_default(compose):
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        assert set(re.findall(rf"\$\{{{name}(.)", text)) == {":"}
        assert not re.findall(rf"\$\{{{name}:-", text)


def test_the_image_runs_as_nobody_special():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert "USER quarterdeck" in lines
    assert lines.index("USER quarterdeck") > max(i for i, line in enumerate(lines) if line.startswith("RUN"))


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_have_hashes_and_name_no_index(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.findall(r"^--", text, re.MULTILINE)
    assert text.count("==") > 20
    assert all("--hash=sha256:" in part for part in re.split(r"\n(?=[a-z0-9])", text) if re.match(r"[a-z0-9]", part))


def test_both_locks_hold_the_same_versions():
    run, dev = (pinned(lock) for lock in LOCKS)
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}


@pytest.mark.parametrize("source", ["requirements.in", "requirements-dev.in"])
def test_every_requirement_has_its_reason(source):
    lines = (ROOT / source).read_text().splitlines()
    assert [line for line in lines if line and line[0] not in "#-" and "#" not in line] == []


def test_run_starts_web_both_workers_and_beat():
    assert list(commands(8000)) == ["web", "worker", "bulk worker", "beat"]
