"""`{% load frame %}`: the parts around every page. They differ only by who may go where and by the page one is on, so each is
rendered once for each such case; otherwise the frame would take longer than the fifty rows inside it."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from crm.context import Place
from crm.rules.keys import KeyGroup, groups

register = template.Library()


@register.simple_tag(takes_context=True)
def framed(context: template.Context, name: str) -> SafeString:
    """A template that reads nothing but `nav`, `can_create_deal` and `bare`."""
    render = _framed.__wrapped__ if settings.DEBUG else _framed  # while one works on it, it changes
    return render(name, context.get("nav") or (), bool(context.get("can_create_deal")), bool(context.get("bare")))


@lru_cache(maxsize=512)
def _framed(name: str, nav: tuple[Place, ...], can_create_deal: bool, bare: bool) -> SafeString:
    return render_to_string(name, {"nav": nav, "can_create_deal": can_create_deal, "bare": bare})


@register.simple_tag(takes_context=True)
def key_groups(context: template.Context) -> tuple[KeyGroup, ...]:
    """The keys of whoever has this rail."""
    places = [(place.key, place.label) for place in context.get("nav") or ()]
    return groups(places, creates_deals=bool(context.get("can_create_deal")))
