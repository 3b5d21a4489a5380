"""Which address a client has. ``address_of(scope)``: the peer's, or what our own proxies say of theirs.

``asking``: the address of the client that the work at hand is done for; "" where it is nobody's.
"""

from contextvars import ContextVar
from ipaddress import ip_address, ip_network

from starlette.types import Scope

from dashboard.settings import settings

asking: ContextVar[str] = ContextVar("asking", default="")
"""For limits only: it is never written down."""

NETWORK_BITS = 64
"""Of an IPv6 address these bits are one customer's: who has one address has all below it."""


def address_of(scope: Scope) -> str:
    """The client's IP address (of IPv6 its /64 network); "unknown" where nobody says.

    ``X-Forwarded-For`` counts only where ``MONITOR_PROXIES`` says that proxies of ours are in front: the entry that
    the outermost of them wrote is taken, whatever a client put before it.
    """
    peer = scope.get("client")
    address = str(peer[0]) if peer else ""
    hops = settings().proxies
    if hops:
        addresses = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        entries = [entry.strip() for entry in ",".join(addresses).split(",") if entry.strip()]
        if len(entries) >= hops:
            address = entries[-hops]
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    if known.version == 6:
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ip_network(f"{known}/{NETWORK_BITS}", strict=False))
    return str(known)
