"""Deterministic data in the shapes of the API."""
