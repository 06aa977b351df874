"""People under their teams."""

from __future__ import annotations

from reports.rules.team_tree import NOBODY, PERSON, TEAM, Node, tree

TEAMS = {1: "Sales", 2: "West", 3: "East", 4: "Public sector"}
PATHS = {10: "/1/3/", 11: "/1/3/4/", 12: "/1/2/", 13: "/1/", 14: ""}
NAMES = {10: "Rae", 11: "Idris", 12: "Remy", 13: "Vik", 14: "Otto", 0: "Not known"}


def test_a_team_stands_above_its_people_and_then_its_teams():
    assert tree(PATHS, NAMES, TEAMS) == [
        Node(TEAM, 1, 0, (13, 10, 11, 12)),
        Node(PERSON, 13, 1, (13,)),
        Node(TEAM, 3, 1, (10, 11)),
        Node(PERSON, 10, 2, (10,)),
        Node(TEAM, 4, 2, (11,)),
        Node(PERSON, 11, 3, (11,)),
        Node(TEAM, 2, 1, (12,)),
        Node(PERSON, 12, 2, (12,)),
        Node(PERSON, 14, 0, (14,)),
        Node(NOBODY, 0, 0, (0,)),
    ]


def test_it_begins_at_the_lowest_team_that_has_them_all():
    some = {10: "Rae", 11: "Idris"}
    assert next((one.kind, one.key, one.level) for one in tree(PATHS, some, TEAMS)) == (TEAM, 3, 0)
    assert [one.key for one in tree(PATHS, {10: "Rae"}, TEAMS, called=["/1/3/4/"])] == [3, 10, 4]
    assert tree(PATHS, {10: "Rae"}, TEAMS, is_flat=True) == [Node(PERSON, 10, 0, (10,))]
    assert tree(PATHS, {}, TEAMS) == []
    apart = tree({1: "/5/", 2: "/6/"}, {1: "A", 2: "B"}, {5: "Z", 6: "Y"})
    assert [(one.key, one.level) for one in apart] == [(6, 0), (2, 1), (5, 0), (1, 1)]
