"""`{% load qd %}`: how values and small marks look, the same on every page.

Text is made by `crm.rules.formatting`; here it gets its HTML, the clock and the reader's time zone. The marks that stand in
every row of a list (icon, grade, lights, person) are plain functions with a cache, not templates: a list of fifty deals
shows hundreds of them.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from crm.lib.clocks import on_readers_clock
from crm.rules import formatting
from crm.templatetags._icons import ICONS

register = template.Library()

register.filter("money", formatting.money)
register.filter("money_exact", formatting.money_exact)
register.filter("money_short", formatting.money_short)
register.filter("percent", formatting.percent)
register.filter("share", formatting.share)
register.filter("signed", formatting.signed)
register.filter("score", formatting.score)
register.filter("score_range", formatting.score_range)
register.filter("initials", formatting.initials)
register.filter("rate", formatting.rate)


@register.simple_tag
@lru_cache(maxsize=4096)
def amount(value: Decimal | None, currency: str = "") -> str:
    """A short amount for lists, the exact one on hover: 1.85 M."""
    if value is None:
        return formatting.DASH
    return format_html(
        '<data value="{}" title="{}">{}</data>',
        value,
        formatting.money_exact(value, currency),
        formatting.money_short(value),
    )


# --- Dates ---------------------------------------------------------------------------------------------------------


@register.filter
def ago(value: datetime | None) -> str:
    """How long ago, with the exact time on hover."""
    if value is None:
        return formatting.DASH
    then = on_readers_clock(value)
    exact = f"{then.day} {then:%B %Y, %H:%M %Z}"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        then.isoformat(timespec="seconds"),
        exact,
        formatting.ago(then, timezone.localtime()),
    )


@register.filter
def day(value: date | datetime | None, mode: str = "") -> str:
    """A date. With mode "due" it says when it needs attention: late, or soon, by colour, shape and word."""
    if value is None:
        return formatting.DASH
    if isinstance(value, datetime):
        value = on_readers_clock(value).date() if timezone.is_aware(value) else value.date()
    return _day(value, mode, timezone.localdate())


@lru_cache(maxsize=4096)
def _day(value: date, mode: str, today: date) -> str:
    tone = formatting.day_tone(value, today) if mode == "due" else ""
    word = {"late": "overdue", "soon": "due soon"}.get(tone)
    return format_html(
        '<time datetime="{}"{} title="{} {}, {}">{}{}</time>',
        value.isoformat(),
        format_html(' class="{}"', tone) if tone else "",
        value.day,
        f"{value:%B %Y}",
        formatting.days_away(value, today),
        formatting.day(value, today),
        format_html('<span class="sr">, {}</span>', word) if word else "",
    )


# --- Marks ---------------------------------------------------------------------------------------------------------


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon by name. Without a label it is decoration and not read aloud."""
    says = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.5"'
        ' stroke-linecap="round" stroke-linejoin="round" {}><path d="{}"/></svg>',
        size,
        says,
        ICONS[name],
    )


@register.simple_tag
@lru_cache(maxsize=4096)
def grade(
    classes: str | None,
    total: Decimal | None = None,
    low: Decimal | None = None,
    high: Decimal | None = None,
    size: str = "",
) -> SafeString:
    """Lead class and score together. `classes` is "B", or "BA" where the range spans two; "" when unknown."""
    letters = "".join(sorted(classes or "", reverse=True))
    # Over three classes or more nothing is said of the class yet; the range beside it says how far it may go.
    shown = letters if len(letters) < 3 else ""
    words = f"Class {' or '.join(shown)}" if shown else "No class yet"
    marks = format_html_join("", '<i class="{}" aria-hidden="true">{}</i>', ((letter, letter) for letter in shown))
    if total is not None:
        number = formatting.score(total)
    elif low is not None and high is not None:
        number = formatting.score_range(low, high)
    else:
        number = "" if shown else "not scored"
    return format_html(
        '<span class="grade {}{}"><span class="sr">{} </span>{}{}</span>',
        size,
        " open" if len(shown) > 1 else "",
        words,
        marks or mark_safe('<i class="none" aria-hidden="true">?</i>'),
        format_html("<span>{}</span>", number) if number else "",
    )


_LIGHT = {"u": "", "c": "half", "f": "full"}


@lru_cache(maxsize=8192)
def _lights(states: str, names: tuple[str, ...], size: str, flags: str) -> SafeString:
    marks = format_html_join(
        "",
        '<b class="{}{}">{}</b>',
        (
            (_LIGHT.get(state, ""), " flagged" if str(place) in flags else "", name[:1].upper())
            for place, (state, name) in enumerate(zip(states, names, strict=False))
        ),
    )
    words = formatting.lights_in_words(states, names)
    return format_html(
        '<span class="lights {}" role="img" aria-label="{}" title="{}">{}</span>', size, words, words, marks
    )


@register.simple_tag
def lights(states: str | None, names: Any = None, size: str = "", flags: str = "") -> SafeString:
    """The eight letters. `states`: one letter per element, u unknown, c claimed, f confirmed; `flags`: places (0 to 7) of
    those with a red flag, "04"; size "big" for a page's head."""
    held = tuple(str(name) for name in names) if names else formatting.ELEMENTS
    return _lights((states or "").ljust(len(held), "u"), held, size, flags)


@register.simple_tag
def light(state: str, name: str, size: str = "big") -> SafeString:
    """One letter of the eight, for a panel's own head; decoration beside the name and the word."""
    return format_html(
        '<span class="lights {}" aria-hidden="true"><b class="{}">{}</b></span>',
        size,
        _LIGHT.get(state, ""),
        name[:1].upper(),
    )


@register.simple_tag
def bar(solid: Any, upto: Any = None, tone: str = "", of: Any = 100) -> SafeString:
    """A share as a bar: solid to `solid`, hatched from there to `upto`, of `of`. The number stands beside it."""
    whole = Decimal(of) or Decimal(1)
    known = max(Decimal(0), min(Decimal(100), Decimal(solid or 0) * 100 / whole))
    top = max(known, min(Decimal(100), Decimal(upto) * 100 / whole)) if upto is not None else known
    maybe = format_html('<i class="maybe" style="left:{}%;width:{}%"></i>', f"{known:.2f}", f"{top - known:.2f}")
    return format_html(
        '<span class="bar {}" aria-hidden="true"><i style="width:{}%"></i>{}</span>',
        tone,
        f"{known:.2f}",
        maybe if top > known else "",
    )


@register.simple_tag
def person(who: Any) -> SafeString:
    """A person as initials, the name on hover and aloud."""
    if not who:
        return mark_safe('<span class="quiet">nobody</span>')
    return _person(str(who))


@lru_cache(maxsize=2048)
def _person(name: str) -> SafeString:
    return format_html(
        '<span class="who" title="{0}"><span aria-hidden="true">{1}</span><span class="sr">{0}</span></span>',
        name,
        formatting.initials(name),
    )


# --- Forms and links -----------------------------------------------------------------------------------------------


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, suffix: str = "", prefix: str = "", css: str = "", label: str = "", help: str = ""
) -> dict[str, Any]:
    """Label, control, help and errors of one form field, tied together for screen readers."""
    input_type = getattr(bound.field.widget, "input_type", "")
    return {
        "field": bound,
        "suffix": suffix,
        "prefix": prefix,
        "css": css,
        "label": label or bound.label,
        "help": help or bound.help_text,
        "is_check": input_type == "checkbox" and not bound.use_fieldset and not getattr(bound.field, "choices", None),
        "is_group": bound.use_fieldset,
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(*forms: Any) -> dict[str, Any]:
    """What to correct, at the head of a form, each with a link to its field. Shows nothing when there is nothing."""
    whole: list[str] = []
    fields: list[tuple[str, str, str]] = []
    for form in forms:
        if not form or not form.is_bound:
            continue
        whole += [str(error) for error in form.non_field_errors()]
        for bound in form:
            if bound.is_hidden:
                whole += [str(error) for error in bound.errors]
            elif bound.errors:
                fields.append((bound.id_for_label or bound.auto_id, str(bound.label), str(bound.errors[0])))
    return {"whole": whole, "fields": fields, "many": len(whole) + len(fields) > 1, "any": bool(whole or fields)}


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """The page's own query string with some parts changed; None or "" takes a part away. The keyset cursor goes with any
    change, for it belongs to the old list: {% query sort="-amount" %}."""
    parts = context["request"].GET.copy()
    for cursor in ("after", "before"):
        if cursor not in changes:
            parts.pop(cursor, None)
    for key, value in changes.items():
        if value in (None, ""):
            parts.pop(key, None)
        else:
            parts[key] = str(value)
    return f"?{parts.urlencode()}" if parts else "?"


@register.simple_tag(takes_context=True)
def once(context: template.Context) -> str:
    """The token of a form that makes a record, kept through refusals: sent twice it makes one."""
    token = context["request"].POST.get("once") or str(uuid.uuid4())
    return format_html('<input type="hidden" name="once" value="{}">', token)


@register.inclusion_tag("components/th_sort.html", takes_context=True)
def th_sort(context: template.Context, key: str, label: str, css: str = "", parameter: str = "sort") -> dict[str, Any]:
    """A table head one can sort by; a second click turns the order round. `sort` in the context is the order in force."""
    current = str(context.get("sort", ""))
    up, down = current == key, current == f"-{key}"
    return {
        "label": label,
        "css": css,
        "aria": "ascending" if up else "descending" if down else "",
        "url": query(context, **{parameter: key if not up else f"-{key}"}),
    }
