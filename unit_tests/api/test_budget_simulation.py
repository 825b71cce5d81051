from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from unit_tests.api.meter import T0, Clock, Server, ask, install, may_send
from unit_tests.examples import tries

servers = st.fixed_dictionaries(
    {
        "limit": st.integers(5, 60),
        "late": st.integers(0, 6),
        "counts_itself": st.booleans(),
    }
)


@given(servers, st.integers(1, 300), st.floats(0, 9.9))
def test_one_worker_spends_what_the_headers_allow(options: dict[str, Any], requests_: int, begin: float) -> None:
    clock = Clock(T0 + begin)
    server = Server(clock, **options)
    with pytest.MonkeyPatch.context() as patch:
        budget = install(clock, patch.setattr)
        while budget.requests - budget.usage.refused < requests_:
            budget.acquire_call(None)
            budget.update_from_response(None, server.receive())
    # Where only the first answer of a window leaves its own request out, one request of each is left unspent.
    windows = (requests_ - 1) // (server.limit - server.counts_itself)
    assert clock.second <= max(T0 + begin, T0 + windows * 10 + (windows > 0) * 0.5)
    assert server.refused <= windows  # at most one a window, and none where Remaining counts the request itself
    if server.counts_itself:
        assert server.refused == 0


@settings(max_examples=tries(50))
@given(servers, st.integers(1, 8), st.integers(0, 4), st.data())
def test_workers_side_by_side_never_overrun_a_window(
    options: dict[str, Any], workers: int, others: int, data: st.DataObject
) -> None:
    clock = Clock(T0 + 1.0)
    server = Server(clock, others=others, **options)
    with pytest.MonkeyPatch.context() as patch:
        budget = install(clock, patch.setattr)
        ask(budget, server.receive())
        for _ in range(60):
            flying: list[requests.Response] = []
            while len(flying) < workers and may_send(budget):
                flying.append(server.receive())
            for got in data.draw(st.permutations(flying)):
                budget.update_from_response(None, got)
            if not flying:
                clock.second += 0.25
    assert server.refused <= (clock.second - T0) // 0.5 + 1
    if server.counts_itself and not others:
        assert server.refused == 0
