"""An account of every role, invited and accepted as real people are; passwords are made anew at each making."""

import secrets

from dashboard.accounts import people
from dashboard.accounts.model import Principal, Role
from dashboard.accounts.people import Rights
from dashboard.accounts.store import principal
from dashboard.codebook import load_codebook
from dashboard.settings import Settings
from dashboard.submissions.offices import directory
from dashboard.training.countries import COUNTRIES
from dashboard.training.place import WorkspaceAccount

_WORDS = (
    "amber", "anchor", "basalt", "beacon", "cedar", "cobalt", "copper", "cricket", "dune", "ember", "falcon", "fern",
    "garnet", "glacier", "harbor", "heron", "indigo", "ivory", "jasper", "juniper", "kelp", "lantern", "lagoon",
    "maple", "marble", "meadow", "nectar", "nickel", "oasis", "orchid", "pebble", "pepper", "quartz", "quill", "raven",
    "ridge", "saffron", "spruce", "thistle", "timber", "umber", "velvet", "walnut", "willow", "yarrow", "zephyr",
)  # fmt: skip

OTHER = "2"
"""Marks people of a second office: in their address, and in the keys of ``invite_all`` behind the country."""

SECOND = ("XAC", "Coravian Institute of Surveys")
"""A country with a second office, so that two send the same figure, and the office's name."""


def invite_all(settings: Settings) -> tuple[tuple[WorkspaceAccount, ...], dict[tuple[str, str], Principal]]:
    """Make all accounts; gives them for the terminal, and who they are by role and country."""
    wanted = [(Role.REVIEWER, "", "", ""), (Role.ADMIN, "", "", "")]
    for it in COUNTRIES:
        wanted += [(Role.CONTRIBUTOR, it.iso3, it.office, ""), (Role.APPROVER, it.iso3, it.ministry, "")]
        wanted += [(Role.COORDINATOR, it.iso3, it.ministry, "")]
        wanted += [(Role.MODERATOR, it.iso3, it.office, ""), (Role.OFFICER, it.iso3, it.ministry, "")]
    wanted += [(role, *SECOND, OTHER) for role in (Role.CONTRIBUTOR, Role.APPROVER)]
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
        accounts[str(role), iso3 + other] = principal(invitation.account)
    return tuple(printed), accounts
