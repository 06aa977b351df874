"""Personal tokens: shown once, refused once revoked, and nobody else's."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from crm.auth import BearerTokenAuthentication
from crm.models import ApiToken, Person
from crm.services.audit import Act
from crm.services.tokens import create_token, revoke_token
from tests.conftest import SignIn

pytestmark = pytest.mark.django_db


def whose(header: str) -> Person | None:
    """Who a request with this Authorization header comes from."""
    found = BearerTokenAuthentication().authenticate(
        Request(RequestFactory().get("/api/", headers={"Authorization": header}))
    )
    return found[0] if found else None


def token_of(person: Person, name: str = "export") -> tuple[ApiToken, str]:
    return create_token(act=Act(by=person), person=person, name=name)


def test_the_page_shows_a_new_token_this_once(sign_in: SignIn, rae: Person) -> None:
    browser = sign_in(rae)
    page = browser.post("/tokens/", {"name": "nightly export"}).content.decode()
    text = re.search(r'value="(qd_[^"]+)"', page)
    assert text is not None
    assert whose(f"Bearer {text[1]}") == rae
    later = browser.get("/tokens/").content.decode()
    assert (text[1] in later, "nightly export" in later) == (False, True)


def test_only_a_hash_is_kept(rae: Person) -> None:
    token, text = token_of(rae)
    assert text not in f"{vars(token)}"
    assert len(text) > 40


def test_a_token_needs_a_name(sign_in: SignIn, rae: Person) -> None:
    assert sign_in(rae).post("/tokens/", {"name": " "}).status_code == 422
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("header", ["Bearer", "Bearer qd_wrong", "Bearer a b", "Bearer \xe9"])
def test_what_is_no_token_is_refused(rae: Person, header: str) -> None:
    token_of(rae)
    with pytest.raises(AuthenticationFailed):
        whose(header)


def test_other_headers_are_left_to_others(rae: Person) -> None:
    assert whose("Basic cmFlOng=") is None


def test_revoking_ends_it_at_once(sign_in: SignIn, rae: Person) -> None:
    token, text = token_of(rae)
    assert sign_in(rae).post(f"/tokens/{token.pk}/revoke/").status_code == 302
    with pytest.raises(AuthenticationFailed):
        whose(f"Bearer {text}")


def test_somebody_who_left_is_refused(rae: Person) -> None:
    _, text = token_of(rae)
    Person.objects.filter(pk=rae.pk).update(is_active=False)
    with pytest.raises(AuthenticationFailed):
        whose(f"Bearer {text}")


def test_nobody_sees_or_revokes_anothers(sign_in: SignIn, rae: Person, otto: Person) -> None:
    token, text = token_of(rae, "raes own")
    assert "raes own" not in sign_in(otto).get("/tokens/").content.decode()
    assert sign_in(otto).post(f"/tokens/{token.pk}/revoke/").status_code == 404
    assert whose(f"Bearer {text}") == rae


def test_without_a_role_there_are_none(sign_in: SignIn, charlie: Person) -> None:
    assert sign_in(charlie).get("/tokens/").status_code == 404


def test_revoking_twice_keeps_the_first_time(rae: Person) -> None:
    token, _ = token_of(rae)
    early = timezone.now() - dt.timedelta(days=1)
    revoke_token(act=Act(by=rae, at=early), person=rae, token_id=token.pk)
    assert revoke_token(act=Act(by=rae), person=rae, token_id=token.pk).revoked_at == early


def test_use_is_noted_once_a_minute(rae: Person, django_assert_num_queries) -> None:
    token, text = token_of(rae)
    whose(f"Bearer {text}")
    with django_assert_num_queries(1):
        whose(f"Bearer {text}")
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now() - dt.timedelta(minutes=2))
    with django_assert_num_queries(2):
        whose(f"Bearer {text}")


def test_the_command_prints_a_token_that_works_and_revokes(rae: Person, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("api_token", "rae", name="bench")
    text = capsys.readouterr().out.strip()
    assert whose(f"Bearer {text}") == rae
    call_command("api_token", "rae", revoke=True)
    with pytest.raises(AuthenticationFailed):
        whose(f"Bearer {text}")
    with pytest.raises(CommandError, match="nobody"):
        call_command("api_token", "nobody")
