"""How to talk to Intercom: hosts, session, rate budget, errors, search queries, paginators.

Nothing here knows of Airbyte's streams; what the API does is described in docs/intercom-api.md.
"""
