"""The product's settings as tests want them: a folder of its own that is gone afterwards, nothing slow, nothing sent.

`DATABASE_URL` and `REDIS_URL` choose the engines here too; `./dev test` runs the pages on both.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

# What a developer's shell says about their own instance must not reach the tests.
for _name in (
    "DEBUG",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "TRUSTED_ORIGINS",
    "QUARTERDECK_DEMO",
    "HTTPS",
    "BUILT_STATIC",
    "EMAIL_URL",
):
    os.environ.pop(_name, None)
os.environ["QUARTERDECK_EMBEDDED"] = "1"
if "QUARTERDECK_TEST_DIR" not in os.environ:
    # Set for the parallel processes pytest-xdist starts from this one; who made the folder removes it.
    os.environ["QUARTERDECK_TEST_DIR"] = tempfile.mkdtemp(prefix="quarterdeck-tests-")
    atexit.register(shutil.rmtree, os.environ["QUARTERDECK_TEST_DIR"], ignore_errors=True)
os.environ["VAR_DIR"] = os.environ["QUARTERDECK_TEST_DIR"]

from config.settings import *  # noqa: E402, F403 - the environment above must be in place first
from config.settings import DATABASES, VAR_DIR  # noqa: E402

DATABASES["default"]["CONN_MAX_AGE"] = 0  # a connection left open would keep the test database from being dropped
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: locks and several connections behave as they do in the product.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

# Files of one process's rows are nobody's to another's sweep, which knows only its own rows.
_mine = VAR_DIR / os.environ.get("PYTEST_XDIST_WORKER", "alone")
MEDIA_ROOT, ATTACHMENTS_ROOT = _mine / "uploads", _mine / "attachments"
DOCUMENTS_ROOT, EXPORTS_ROOT, PAPERS_ROOT = _mine / "documents", _mine / "exports", _mine / "papers"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "memory://"  # messages go nowhere; tests run a job by calling its task
CELERY_BROKER_TRANSPORT_OPTIONS = {}
WHITENOISE_AUTOREFRESH = True  # otherwise every test client looks through all static files when it starts
AXES_ENABLED = False  # tests of the lock-out turn it on
