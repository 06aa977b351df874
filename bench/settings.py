"""The product's settings, with the floors at addresses of their own, and without the brake on many requests of one person."""

from config.settings import *  # noqa: F403 - the same settings but for two

ROOT_URLCONF = "bench.urls"
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"read": 10**9, "write": 10**9}}  # noqa: F405 - counted, never braked
