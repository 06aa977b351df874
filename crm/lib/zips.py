"""What a zip somebody sent may do instead of opening."""

from __future__ import annotations

import lzma
import zipfile
import zlib

DAMAGED = (zipfile.BadZipFile, RuntimeError, EOFError, zlib.error, lzma.LZMAError)
"""What a zip raises that is cut off, locked, packed in a way nobody knows, or damaged; bzip2 raises a bare OSError besides."""
