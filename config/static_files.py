"""How static files are found and named.

plotly.min.js (4.8 MB) comes out of the Plotly package under an address that carries its version, so browsers keep it for
good; a finder of our own hands out this one file instead of the whole package folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

PLOTLY_JS = f"vendor/plotly-{version('plotly')}.min.js"


class BuiltStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc] # WhiteNoise has no types
    """Names with a hash and compressed files, made while the container is built.

    Imports between our script modules are rewritten to the hashed names as well; otherwise a page would load a module
    twice, once under each name.
    """

    # In our own folder only: what packages bring has examples in its comments that look like imports.
    patterns = (
        CompressedManifestStaticFilesStorage.patterns[0],
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )


def is_immutable(path: str, url: str) -> bool:
    """Tell WhiteNoise which addresses never change their content: those that carry a version."""
    return url.endswith(PLOTLY_JS)


def plotly_folder() -> Path:
    """Return the folder of plotly.min.js without importing Plotly, which takes a while."""
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The plotly package is not installed. Run: ./dev help")
    return Path(spec.origin).parent / "package_data"


class _OneFileStorage(FileSystemStorage):
    """A storage that knows plotly.min.js by its versioned name."""

    def path(self, name: str) -> str:
        return str(plotly_folder() / "plotly.min.js")


class PlotlyFinder(BaseFinder):
    """Finds `PLOTLY_JS`, for development, for WhiteNoise and for `collectstatic`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = _OneFileStorage(location=str(plotly_folder()))

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != PLOTLY_JS:
            return []
        found = self.storage.path(path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, Storage]]:
        yield PLOTLY_JS, self.storage
