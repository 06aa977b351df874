"""Makes the pictures of the README again: a fresh demo in a folder of its own, served, and looked at by Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.plugins import browsers
from tests.plugins.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 800}
SHOTS = (
    ("today", "rep", "/today/", {"width": 1280, "height": 1000}, "light"),
    ("today-manager", "manager", "/today/", {"width": 1280, "height": 1000}, "light"),
    ("deals", "rep", "/deals/?sort=-score", WIDE, "light"),
    ("board", "manager", "/deals/board/", WIDE, "dark"),
    ("totals", "manager", "/deals/totals/?by=owner", WIDE, "light"),
    ("deal", "rep", "{deal}", {"width": 1280, "height": 1180}, "light"),
    ("deal", "rep", "{deal}", {"width": 1280, "height": 1180}, "dark"),
    ("deal-phone", "rep", "{deal}", NARROW, "light"),
    ("score", "rep", "{deal}score/", {"width": 1280, "height": 1180}, "light"),
    ("quote", "rep", "{deal}quotes/new/", {"width": 1280, "height": 1000}, "light"),
    ("approval", "vp", "{approval}", {"width": 1280, "height": 1080}, "light"),
    ("call", "rep", "{call}review/", {"width": 1280, "height": 1000}, "light"),
    ("card", "rep", "/battlecards/vmware/", {"width": 1280, "height": 1080}, "light"),
    ("pipeline", "manager", "/reports/pipeline/", {"width": 1280, "height": 1180}, "light"),
    ("forecast", "vp", "/reports/forecast/", {"width": 1280, "height": 1180}, "light"),
    ("playbook", "enablement", "/playbook/", WIDE, "light"),
)
FIRST_OF = {
    # A deal whose range still spans two classes shows the most.
    "{deal}": "/deals/?stage=proposal&sort=-amount",
    "{approval}": "/approvals/",
    "{call}": "/calls/?show=review&mine=yes",
}


def main() -> int:
    """Writes docs/images/*.png and returns 0; the demo it made is thrown away."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="quarterdeck-pictures-") as folder:
        port = free_port()
        environment = {**os.environ, "VAR_DIR": folder, "PORT": str(port)}
        with subprocess.Popen([sys.executable, "-m", "scripts.run"], cwd=ROOT, env=environment) as product:
            try:
                base = f"http://127.0.0.1:{port}"
                _wait(base)
                with sync_playwright() as playwright:
                    options = (
                        ["--no-sandbox", "--disable-dev-shm-usage"]
                        if os.geteuid() == 0
                        else ["--disable-dev-shm-usage"]
                    )
                    program = browsers.program()
                    browser = playwright.chromium.launch(executable_path=program, args=options)
                    for name, person, path, size, scheme in SHOTS:
                        _shoot(browser, base, name, person, path, size, scheme)
                    browser.close()
            finally:
                product.terminate()
    return 0


def _shoot(browser: Browser, base: str, name: str, person: str, path: str, size: dict[str, int], scheme: str) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce", device_scale_factor=1)  # type: ignore[arg-type]  # plain dict and str
    page = context.new_page()
    page.goto(base + "/")
    page.locator(f'button[name="demo"][value="{person}"]').click()
    for place, listed in FIRST_OF.items():
        if place in path:
            page.goto(base + listed)
            path = path.replace(place, page.locator("tbody a.title").first.get_attribute("href") or "")
    page.goto(base + path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=IMAGES / f"{name}.png" if "-" in name else IMAGES / f"{name}-{scheme}.png")
    context.close()
    print(f"{name}-{scheme}")


def _wait(base: str) -> None:
    """Until the product answers; a first start makes its demo, which takes a while."""
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{base}/healthz", timeout=2):  # nosec B310 - our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("The product did not start.")


if __name__ == "__main__":
    sys.exit(main())
