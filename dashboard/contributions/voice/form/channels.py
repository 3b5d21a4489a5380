"""What is known of the law by which a country answers complaints about its public services, and of its own channels."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.evidence.codebook import load_codebook

GENERAL = "general_services_law"
SURE = "high"
"""Confidence that a deadline needs: who waits for a day that is not the law's is misled."""


@dataclass(frozen=True, slots=True)
class LawOnComplaints:
    """What is shown beside the number of a complaint; all empty where nothing is known.

    ``acts`` are the laws on public services in general of a country, in its own words where they are known; what they
    say of complaints nobody has read.
    """

    acts: tuple[str, ...] = ()
    deadlines: tuple[tuple[str, str, int], ...] = ()  # the law, ``days`` or ``working_days``, how many
    channels: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()  # publisher and address of what is known of deadlines and channels


def find_law(country: str) -> LawOnComplaints:
    """Return what the codebook knows of complaints in a country; mostly little."""
    book = load_codebook()
    rules = [one for one in book.complaint_rules if one["country"] == country and one["confidence"] == SURE]
    deadlines = [(_named(one), one["unit"], int(one["count"])) for one in rules if one["kind"] == "deadline"]
    return LawOnComplaints(
        tuple(
            _named(act)
            for act in book.legal_acts
            if act["country"] == country and act["scope"] == GENERAL and act["kind"] == "law"
        ),
        tuple(deadlines),
        tuple(one["channel"] for one in rules if one["kind"] == "channel"),
        tuple(dict.fromkeys((one["publisher"], one["source_ref"]) for one in rules)),
    )


def _named(act: Mapping[str, str]) -> str:
    return " · ".join(filter(None, (act["title_original"] or act["title"], act["number"], act["date"])))
