"""How to talk to Intercom: hosts, session, rate budget, errors, search queries, paginators.

Nothing here knows of Airbyte's streams. What the API does is told in docs/intercom-api.md, which docstrings cite
as the API notes.
"""
