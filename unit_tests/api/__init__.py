"""Tests of source_intercom.api."""
