"""Where in a playbook's files something stands, for problems that were found in its JSON and so know no line."""

from __future__ import annotations

from playbook.problems import Problem, name_of
from playbook.reading import read
from playbook.schema import Playbook
from playbook.storing import dump


def line_of(problem: Problem, playbook: Playbook) -> int | None:
    """The line in this playbook's files, as `dump` writes them, of what the problem names, or of the nearest thing around it. None
    for a file it does not have."""
    text = dump(playbook).get(problem.file)
    if text is None:
        return None
    document = read(problem.file, text)
    lines = {name_of(path, document.data): line for path, line in document.lines.items()}
    name = problem.key
    while name and name not in lines:
        name = name[: max(name.rfind("."), name.rfind("["), 0)]
    return lines.get(name)
