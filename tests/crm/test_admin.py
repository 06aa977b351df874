"""Django's own admin is for lock-outs and the like. What services guard is not in it: there is one way to write."""

from __future__ import annotations

from django.apps import apps
from django.contrib import admin

OURS = {"crm", "deals", "activities", "scoring"}


def test_nothing_that_a_service_guards_is_registered():
    assert not {model for model in apps.get_models() if model._meta.app_label in OURS} & set(admin.site._registry)


def test_nobody_gets_in_by_their_role(cast, sign_in):
    assert {sign_in(person).get("/admin/").status_code for person in cast.values()} == {302}
