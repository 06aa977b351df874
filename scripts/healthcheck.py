"""Ask Quarterdeck how it is, for container engines: `python -m scripts.healthcheck [ADDRESS [PART]]`.

Without PART, any 200 is healthy. With PART, that part of /readyz must be ready, whatever the others say. Starts no
Django, so that asking every few seconds costs next to nothing.
"""

from __future__ import annotations

import json
import os
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit


def main(address: str = "http://127.0.0.1:8000/healthz", part: str = "") -> int:
    """Return 0 when healthy, else 1 with what was heard on stderr."""
    where = urlsplit(address)
    # The name people use, because Quarterdeck answers to no other.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    try:
        connection = HTTPConnection(where.hostname or "", where.port, timeout=8)
        connection.request("GET", where.path, headers={"Host": host})
        answer = connection.getresponse()
        text = answer.read().decode()
        is_healthy = json.loads(text)["parts"].get(part) == "Ready." if part else answer.status == 200
    except (OSError, ValueError, KeyError) as error:
        print(f"{address} gives no answer: {error}", file=sys.stderr)
        return 1
    if not is_healthy:
        print(text, file=sys.stderr)
    return 0 if is_healthy else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
