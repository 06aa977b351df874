"""Files no card can be made of: each is refused by name, at its field, and changes nothing."""

from __future__ import annotations

import pytest

from battlecards.models import Card, CardVersion, Draft
from battlecards.services.publishing import put_in_force
from crm.models import AuditEntry
from crm.services.audit import Act
from playbook.cards import read_card
from tests.battlecards.drafts.conftest import CARD, NOW

pytestmark = pytest.mark.django_db
UNFIT = "holds a character that can't be stored"
MANY = "".join(f"  - {{key: k{n}, aspect: share, text: x}}\n" for n in range(501))


@pytest.mark.any_engine("refused before the database is asked anything that others don't ask")
@pytest.mark.parametrize(
    "old, new, key, told",
    [
        ("title: VMware", f"title: {'V' * 121}", "title", "is longer than 120 characters"),
        ("title: VMware", r'title: "VM\0ware"', "title", UNFIT),
        ("text: 55 % of the market.", r'text: "55\0"', "overview[share]", f"The text {UNFIT}."),
        ("ours: growing", f"ours: {'x' * 20_001}", "rows[ecosystem]", "A claim holds 20,000 characters at most."),
        ("overview:\n", f"overview:\n{MANY}", "", "has 506 claims; a card holds 500 at most"),
        ("title: VMware", "title: VMware\ntitle: Other", "title", "stands twice"),
        ("title: VMware", "title: &a VMware\nb: *a", "", "anchors and aliases are not allowed"),
        ("ours: growing", "ours: [growing]", "rows[ecosystem].ours", "must be text"),
        ("us: 1,", "us: -1,", "document_tally.us", ""),
        ("slug: vmware", "slug: ../x", "slug", ""),
        ("ours: growing", f"ours: {'[' * 5000}", "", "is nested too deeply"),
    ],
)
def test_a_file_that_can_not_be_kept_is_refused_at_its_field(card, sign_in, otto, old, new, key, told):
    page = sign_in(otto)
    for does in ("", "import"):
        answer = page.post("/battlecards/import/", {"text": CARD.replace(old, new, 1), "do": does})
        assert answer.status_code == 422
        problems = answer.context["problems"]
        assert any(one.key == key and one.reason.startswith(told) for one in problems), problems
    assert not Draft.objects.exists()
    assert (Card.objects.get().title, CardVersion.objects.count()) == ("VMware", 1)


def test_a_category_of_any_length_is_published(card, draft, otto):
    """Search keeps its beginning; the claim keeps it whole."""
    text = CARD.replace("key: tools,", f"key: tools, category: {'x' * 200},")
    put_in_force(act=Act(by=otto, at=NOW), card=card, claims=read_card(text).claims)
    passage = card.passages.get(claim__key="tools")
    assert (len(passage.category), len(passage.wording.content["category"])) == (120, 200)


def test_what_a_file_is_called_is_kept_as_far_as_it_can_be(card, sign_in, otto):
    text = CARD.replace("10 times", "20 times")
    answer = sign_in(otto).post("/battlecards/import/", {"text": text, "name": "a\x00b\n.yaml", "do": "import"})
    assert (answer.status_code, answer["Location"]) == (302, "/battlecards/vmware/edit/")
    assert AuditEntry.objects.filter(verb="draft changed").get().changes["imported"] == [None, "ab.yaml"]
