"""Settings for every test: how many examples Hypothesis tries, chosen by `--hypothesis-profile`; system parts."""

import pytest
from hypothesis import settings

from tests import parts

# Repeatable, so that a red run on one machine is red on all; `slow` looks for new examples each time.
settings.register_profile("ci", max_examples=40, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("slow", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("ci")


def pytest_configure(config: pytest.Config) -> None:
    """Once for all workers: what some tests look through, where it may be installed."""
    if not hasattr(config, "workerinput"):
        parts.install()
