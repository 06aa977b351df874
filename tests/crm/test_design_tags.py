"""The marks and fields of the design, as a screen reader meets them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from crm.templatetags._icons import ICONS

pytestmark = pytest.mark.any_engine("asks no database")


def render(source: str, **context: Any) -> str:
    return Template("{% load qd %}" + source).render(Context(context)).strip()


class Sample(forms.Form):
    name = forms.CharField(help_text="As the field calls it.")
    amount = forms.DecimalField(required=False)
    deadline = forms.ChoiceField(choices=[("hard", "Hard"), ("soft", "Soft")], widget=forms.RadioSelect)
    shared = forms.BooleanField(required=False)


def test_lights_say_in_words_what_they_show() -> None:
    html = render('{% lights "fcuuuuuu" %}')
    assert 'role="img"' in html
    assert 'aria-label="confirmed: metrics; claimed: economic buyer; unknown: decision criteria' in html
    assert '<b class="full">M</b><b class="half">E</b><b class="">D</b>' in html


def test_lights_of_an_unscored_deal_are_all_unknown() -> None:
    assert "all unknown" in render("{% lights states %}", states=None)


@pytest.mark.parametrize(
    "arguments, reads",
    [
        ('"B" total', "Class B B3.95"),
        ('"BA" low=low high=high', "Class B or A BA3.70–4.10"),
        ('"AB" low=low high=high', "Class B or A BA3.70–4.10"),
        ('"DCBA" low=low high=high', "No class yet ?3.70–4.10"),
        ('""', "No class yet ?not scored"),
        ("None", "No class yet ?not scored"),
    ],
)
def test_class_and_score_stand_together(arguments: str, reads: str) -> None:
    values = {"total": Decimal("3.9500"), "low": Decimal("3.7"), "high": Decimal("4.1")}
    html = render("{% grade " + arguments + " as mark %}{{ mark|striptags }}", **values)
    assert html == reads


def test_a_bar_hatches_what_is_not_known() -> None:
    html = render("{% bar 1 5 of=5 %}")
    assert 'style="width:20.00%"' in html
    assert 'class="maybe" style="left:20.00%;width:80.00%"' in html


def test_a_bar_stays_within_its_frame() -> None:
    assert 'style="width:100.00%"' in render("{% bar 140 %}")


@pytest.mark.parametrize("days, word, tone", [(-2, "overdue", "late"), (3, "due soon", "soon")])
def test_a_date_that_needs_attention_says_so_without_colour(days: int, word: str, tone: str) -> None:
    html = render('{{ when|day:"due" }}', when=timezone.localdate() + timedelta(days=days))
    assert f'class="{tone}"' in html
    assert word in html


def test_a_plain_date_is_never_late() -> None:
    assert "class=" not in render("{{ when|day }}", when=timezone.localdate() - timedelta(days=9))


@pytest.mark.parametrize("name", ICONS)
def test_icons_are_decoration_unless_named(name: str) -> None:
    assert 'aria-hidden="true"' in render(f'{{% icon "{name}" %}}')
    assert 'role="img" aria-label="Edit"' in render(f'{{% icon "{name}" "Edit" %}}')


def test_what_people_typed_is_escaped() -> None:
    assert "<script" not in render("{% person who %}{% lights 'f' names=names %}", who="<script>", names=["<script>"])


def test_a_field_is_tied_to_its_help_and_error() -> None:
    html = render("{% field form.name %}", form=Sample({"name": ""}))
    assert '<label for="id_name">' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html


def test_radios_are_a_group_with_a_name() -> None:
    html = render("{% field form.deadline %}", form=Sample())
    assert "<fieldset" in html
    assert "<legend>Deadline" in html


def test_a_checkbox_stands_in_its_label() -> None:
    html = render("{% field form.shared %}", form=Sample())
    assert html.count("<label") == 1
    assert html.index("<label") < html.index("<input")


def test_the_summary_of_errors_leads_to_each_field() -> None:
    html = render("{% form_errors form %}", form=Sample({"amount": "much"}))
    assert 'href="#id_name"' in html
    assert 'href="#id_amount"' in html
    assert 'role="alert"' in html


def test_no_errors_no_summary() -> None:
    assert render("{% form_errors form %}", form=Sample()) == ""


def test_a_changed_query_drops_the_place_in_the_old_list() -> None:
    request = RequestFactory().get("/deals/?stage=poc&after=abc&sort=name")
    assert render('{% query sort="-amount" %}', request=request) == "?stage=poc&amp;sort=-amount"


@pytest.mark.parametrize(
    "current, aria, leads_to", [("amount", "ascending", "-amount"), ("-amount", "descending", "amount")]
)
def test_a_sorted_head_says_how_and_turns_round(current: str, aria: str, leads_to: str) -> None:
    html = render('{% th_sort "amount" "ARR" %}', request=RequestFactory().get("/"), sort=current)
    assert f'aria-sort="{aria}"' in html
    assert f"sort={leads_to}" in html
