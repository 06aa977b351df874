"""Reading pasted e-mails."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.rules.mail import read_mail, strip_html

PLAIN = "From: A <a@x.example>\nTo: b@y.example\nCc: c@y.example\nDate: Mon, 2 Mar 2026 10:12:00 +0100\nSubject: Hi\n\nLine é\n"


def test_headers_and_text_are_found():
    found = read_mail(PLAIN)
    assert (found.subject, found.sender, found.recipients) == ("Hi", "A <a@x.example>", "b@y.example, c@y.example")
    assert (found.at, found.body) == (dt.datetime(2026, 3, 2, 9, 12, tzinfo=dt.UTC), "Line é")
    assert (found.addresses, found.sender_address) == (("a@x.example", "b@y.example", "c@y.example"), "a@x.example")


def test_windows_line_ends_and_empty_lines_before_it_do_not_matter():
    assert read_mail("\r\n\r\n" + PLAIN.replace("\n", "\r\n")) == read_mail(PLAIN)


def test_of_several_parts_the_plain_one_is_taken_and_decoded():
    raw = (
        'From: a@x.example\nContent-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/html\n\n<p>No</p>\n'
        "--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nCaf=C3=A9\n--b--\n"
    )
    assert read_mail(raw).body == "Café"


def test_what_a_mail_program_copies_out_of_its_window_is_read_too():
    found = read_mail("From: Ana\nSent: Monday, March 2, 2026 10:12 AM\nTo: Rae\nSubject: Hi\n\nText")
    assert found.at == dt.datetime(2026, 3, 2, 10, 12)  # noqa: DTZ001 - no zone is said


@pytest.mark.parametrize("text", ["Just text", "Note: this is no header", ""])
def test_without_headers_all_is_text(text):
    found = read_mail(text)
    assert (found.has_headers, found.body) == (False, text)


def test_html_becomes_its_words():
    assert strip_html("<style>x</style><p>a<br>b</p><script>y</script><div>c &amp; d</div>") == "a\nb\n\nc & d"


@given(st.text(alphabet=st.sampled_from('From: To,<>@=?utf-8Bq\n\tDate;()"\\\x00é\udc80'), max_size=200))
def test_nothing_that_is_pasted_breaks_it(text):
    found = read_mail(f"From: {text}\nDate: {text[:40]}\n{text}")
    for part in (found.subject, found.sender, found.body):
        part.encode()
        assert "\x00" not in part
