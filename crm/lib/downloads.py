"""Files that people sent, handed out so that no browser ever runs what is in them."""

from __future__ import annotations

from typing import IO

from django.http import FileResponse


def download(opened: IO[bytes], *, name: str, content_type: str) -> FileResponse:
    """To be saved, never shown within our pages: by its name, as what we took it for, without scripts or our cookies' reach
    should a browser open it all the same; kept by no cache on the way, for who may have it is asked each time."""
    answer = FileResponse(opened, as_attachment=True, filename=name, content_type=content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-cache"
    return answer
