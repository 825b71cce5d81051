"""Signing in through Airbyte's form, with a real browser."""
