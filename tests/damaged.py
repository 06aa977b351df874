"""Zips whose contents are not what they were packed from, as a cut-off download or a failing disk leaves them."""

from __future__ import annotations

import io
import zipfile

PACKINGS = {"deflate": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}


def damaged_zip(packing: int, name: str = "deals.csv") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        archive.writestr(name, "a,b\n" * 100)
    content = bytearray(packed.getvalue())
    start = 30 + len(name) + 10  # behind the entry's head and what says how it is packed
    content[start : start + 8] = b"\xff" * 8
    return bytes(content)
