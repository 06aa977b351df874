"""The product's settings, with the two floors at addresses of their own."""

from config.settings import *  # noqa: F403 - the same settings, and one change

ROOT_URLCONF = "bench.urls"
