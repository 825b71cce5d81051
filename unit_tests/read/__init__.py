"""Tests of source_intercom.streams."""
