"""Countries proposed for comparison, with their reasons."""

from typing import Any

import reflex as rx

from dashboard.components.scripts import PEERS
from dashboard.locales import t


class ProposedPeers(rx.Component):
    """Asks the API for the peers of ``country`` and shows each with its reasons; one click adds it."""

    library = PEERS
    tag = "ProposedPeers"

    country: rx.Var[str]
    name: rx.Var[str]
    lang: rx.Var[str]
    as_of: rx.Var[str]
    chosen: rx.Var[list[Any]]
    most: rx.Var[int]
    text: rx.Var[dict[str, str]]
    on_add: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def proposed_peers(lang: str, country: Any, name: Any, as_of: Any, chosen: Any, most: int, on_add: Any) -> rx.Component:
    """The proposals in ``lang``; ``on_add`` gets the ISO3 code."""
    text = {key: t(f"compare.peers.{key}", lang) for key in ("loading", "failed", "sources")}
    text |= {key: t(f"compare.peers.{key}", lang, country="{country}") for key in ("heading", "add")}
    return ProposedPeers.create(
        country=country, name=name, lang=lang, as_of=as_of, chosen=chosen, most=most, text=text, on_add=on_add
    )
