"""Accounts of every role, invited and accepted as real people are, with fresh passwords."""

import secrets

from dashboard.accounts import people
from dashboard.accounts.model import Principal, Role
from dashboard.accounts.people import Rights
from dashboard.accounts.store import make_principal
from dashboard.contributions.submissions.offices import directory
from dashboard.evidence.codebook import load_codebook
from dashboard.operations.training.countries import COUNTRIES
from dashboard.operations.training.place import WorkspaceAccount
from dashboard.settings import Settings

_WORDS = (
    "amber", "anchor", "basalt", "beacon", "cedar", "cobalt", "copper", "cricket", "dune", "ember", "falcon", "fern",
    "garnet", "glacier", "harbor", "heron", "indigo", "ivory", "jasper", "juniper", "kelp", "lantern", "lagoon",
    "maple", "marble", "meadow", "nectar", "nickel", "oasis", "orchid", "pebble", "pepper", "quartz", "quill", "raven",
    "ridge", "saffron", "spruce", "thistle", "timber", "umber", "velvet", "walnut", "willow", "yarrow", "zephyr",
)  # fmt: skip

SECOND_MARK = "2"
"""Mark of people of a second office in their address and in the keys of ``invite_all``."""

SECOND_OFFICE = ("XAC", "Coravian Institute of Surveys")
"""A country with a second office, so that two send the same figure, and the office's name."""


def invite_all(settings: Settings) -> tuple[tuple[WorkspaceAccount, ...], dict[tuple[str, str], Principal]]:
    """Make all accounts; return them for printing, and their principals by role and country."""
    wanted = [(Role.REVIEWER, "", "", ""), (Role.ADMIN, "", "", "")]
    for country in COUNTRIES:
        wanted += [
            (Role.CONTRIBUTOR, country.iso3, country.office, ""),
            (Role.APPROVER, country.iso3, country.ministry, ""),
        ]
        wanted += [(Role.COORDINATOR, country.iso3, country.ministry, "")]
        wanted += [
            (Role.MODERATOR, country.iso3, country.office, ""),
            (Role.OFFICER, country.iso3, country.ministry, ""),
        ]
    wanted += [(role, *SECOND_OFFICE, SECOND_MARK) for role in (Role.CONTRIBUTOR, Role.APPROVER)]
    printed: list[WorkspaceAccount] = []
    accounts: dict[tuple[str, str], Principal] = {}
    for role, iso3, office, other in wanted:
        if other and role is Role.CONTRIBUTOR:
            directory.add_office(settings, load_codebook(), accounts[str(Role.ADMIN), ""], iso3, office)
        email = f"{role}{other}.{iso3.lower()}@training.test" if iso3 else f"{role}@training.test"
        name = f"Trainee {role.replace('_', ' ')}"
        invitation = people.invite(settings, email=email, rights=Rights(role, iso3, office), name=name)
        password = "-".join(secrets.choice(_WORDS) for _ in range(5)) + f"-{secrets.randbelow(90) + 10}"
        secret = invitation.link.split("token=", 1)[1].split("&", 1)[0]
        people.accept(settings, secret, password)
        printed.append(WorkspaceAccount(email, str(role), iso3, password))
        accounts[str(role), iso3 + other] = make_principal(invitation.account)
    return tuple(printed), accounts
