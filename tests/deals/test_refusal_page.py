"""The page of a refusal says the reason that came with it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "who, path, reason",
    [
        ("vera", "/accounts/new/", "Your role does not include this. Operations can change roles."),
        ("vera", "/deals/{deal}/edit/", "You can see this deal but not change it. Ask its owner or their manager."),
    ],
)
def test_it_says_why(browse, deal, request, who, path, reason):
    answer = browse(request.getfixturevalue(who)).get(path.format(deal=deal.pk))
    assert answer.status_code == 403
    assert reason in answer.content.decode()
    assert "Your role does not reach this page" not in answer.content.decode()
