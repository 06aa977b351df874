"""The documentation page and the schema it reads."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders

pytestmark = pytest.mark.any_engine("the schema and its page are made from the code")


def test_the_page_needs_a_sign_in(client, db):
    response = client.get("/api/docs/")
    assert response.status_code == 302
    assert response["Location"].endswith("?next=/api/docs/")


def test_the_page_has_nothing_inline_and_nothing_from_elsewhere(sign_in, rae):
    response = sign_in(rae).get("/api/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "<style" not in page
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    files = re.findall(r'(?:src|href)="/static/([^"?]+)', page)
    assert len(files) == 5
    assert all(finders.find(file) for file in files)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_the_schema_comes_as_json_and_as_yaml(api, rae):
    me = api(rae)
    assert me.get("/api/schema/?format=json").json()["info"]["title"] == "Quarterdeck API"
    assert me.get("/api/schema/").content.startswith(b"openapi: 3.")


def test_the_index_leads_to_every_list(api, otto):
    me = api(otto)
    for name, address in me.get("/api/").json().items():
        assert me.get(address).status_code == (302 if name == "docs" else 200), name
