"""What a service raises when it can't do what was asked. Views, the API and imports each turn these into their own
answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class ServiceError(Exception):
    """Base of everything a service refuses with. Nothing has changed when one is raised."""


class Invalid(ServiceError):
    """The input is understood but wrong: 422, with a sentence per field. The key "" holds what belongs to no field."""

    def __init__(self, errors: Mapping[str, Sequence[str] | str]) -> None:
        self.errors = {field: [said] if isinstance(said, str) else list(said) for field, said in errors.items()}
        super().__init__("; ".join(sentence for said in self.errors.values() for sentence in said))


class NotAllowed(ServiceError):
    """May be seen, may not be done: 403."""


class Clash(ServiceError):
    """The record's state does not allow it (closing a closed deal): 409."""


class EditConflict(ServiceError):
    """Somebody saved in between: 409 in a form, 412 in the API. `current` is the record as it stands now."""

    def __init__(self, current: object, message: str = "Somebody else saved this in the meantime.") -> None:
        self.current = current
        super().__init__(message)
