"""Unit tests: requests-mock instead of Intercom, and no waiting."""
