"""Kombu's file system transport, made safe for several processes.

Kombu creates a message file and writes it afterwards, so a reader may take it while it is still empty; and it moves
messages through the system's temporary folder, which is a copy where that is another file system, so two readers may
both get one. Here a message appears under its name only when it is whole, and is taken by one rename.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """Messages are files `<time>_<id>.<queue>.msg` in `data_folder_in`, taken through `processed_folder`."""

    # Kombu's own signature, which its stubs hold against the one of Kombu's base class.
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        target = Path(self.data_folder_out) / f"{time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        draft = target.with_name(f"{target.name}.draft")  # no reader looks for names that end like this
        draft.write_bytes(str_to_bytes(dumps(payload)))
        draft.replace(target)

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for waiting in sorted(Path(self.data_folder_in).iterdir()):
            if waiting.name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = Path(self.processed_folder) / waiting.name
            try:
                waiting.rename(taken)
            except FileNotFoundError:
                continue  # another process was faster
            payload = taken.read_bytes()
            taken.unlink()
            return loads(bytes_to_str(payload))
        raise Empty


class Transport(filesystem.Transport):
    """Registered for `filesystem://` addresses in `config.celery`."""

    Channel = Channel
