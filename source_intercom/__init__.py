"""Airbyte source connector for Intercom."""
