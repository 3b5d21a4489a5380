"""What is known of the law by which a country answers complaints about its public services."""

from dashboard.codebook import load_codebook

GENERAL = "general_services_law"


def list_acts(country: str) -> list[str]:
    """The laws on public services in general of a country, in its own words where they are known; mostly none.

    What they say of channels and deadlines for complaints nobody has read: the page of a number says so.
    """
    return [
        " · ".join(filter(None, (act["title_original"] or act["title"], act["number"], act["date"])))
        for act in load_codebook().legal_acts
        if act["country"] == country and act["scope"] == GENERAL and act["kind"] == "law"
    ]
