"""What several servers share through Redis: limits of an address, and States that live on while their readers do."""

import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
import redis.asyncio

from dashboard.interfaces.protection import rates, states
from dashboard.settings import LimitSettings, Settings


@pytest.fixture
async def counting(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """``counting(url)``: a process that counts there."""
    opened: list[Any] = []

    def begin(url: str) -> None:
        made = Settings(_env_file=None, redis_url=url, limits=LimitSettings(readers=2))
        monkeypatch.setattr("dashboard.interfaces.protection.rates.settings", lambda: made)
        opened.append(rates._get_limiter()[1].storage)

    yield begin
    for storage in opened:
        await storage.bridge.get_connection().aclose()


async def test_two_processes_count_an_address_once(counting: Any, redis_url: str) -> None:
    counting(redis_url)
    assert [await rates.count_action("readers", "10.0.0.1") for _ in range(2)] == [True, True]
    counting(redis_url)
    assert not await rates.count_action("readers", "10.0.0.1")
    assert await rates.count_action("readers", "10.0.0.2")


async def test_who_is_cut_by_one_process_is_refused_by_all(counting: Any, redis_url: str) -> None:
    for number in range(rates.MAX_CUTS):
        counting(redis_url)
        assert not await rates.is_exhausted("cuts", "10.0.0.1"), number
        await rates.count_action("cuts", "10.0.0.1")
    counting(redis_url)
    assert await rates.is_exhausted("cuts", "10.0.0.1")
    assert not await rates.is_exhausted("cuts", "10.0.0.2")


async def test_a_redis_that_is_gone_stops_nobody(counting: Any) -> None:
    counting("redis://127.0.0.1:1")
    began = time.monotonic()
    assert [await rates.count_action("readers", "10.0.0.1") for _ in range(3)] == [True] * 3
    assert time.monotonic() - began < 3


def test_another_store_is_refused() -> None:
    with pytest.raises(ValueError, match="must begin with redis://"):
        Settings(_env_file=None, redis_url="memcached://127.0.0.1")
    assert Settings(_env_file=None, redis_url="").limits_url == "memory://"


async def test_the_state_of_a_connected_reader_lives_on_and_no_other(redis_url: str) -> None:
    import reflex as rx
    from reflex.istate.manager.token import BaseStateToken

    client = redis.asyncio.Redis.from_url(redis_url)
    parts = {token: BaseStateToken(ident=token, cls=rx.State) for token in ("here", "left")}
    deep = next(iter(rx.State.get_substates()))
    for token in parts.values():
        await client.set(str(token), b"1", ex=20)
        await client.set(str(token.with_cls(deep)), b"1", ex=20)
    product = SimpleNamespace(
        state_manager=SimpleNamespace(redis=client),
        event_namespace=SimpleNamespace(token_to_sid={"here": "sid"}),
        _state=rx.State,
    )
    await states.touch_states(product)
    lives = {name: await client.ttl(str(token.with_cls(deep))) for name, token in parts.items()}
    assert lives["here"] > states.STATE_LIFETIME_S - 5
    assert lives["left"] <= 20
    assert await client.ttl(str(parts["here"])) > states.STATE_LIFETIME_S - 5
    await client.aclose()
