"""``mcp``: the tools of assistants on standard input and output."""


def serve_assistants() -> None:
    """Serve assistants on standard input and output, by the Model Context Protocol."""
    from dashboard.interfaces.api.assistants.server import build_server

    build_server().run("stdio")
