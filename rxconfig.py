"""Settings → the configuration of Reflex; nothing else."""

from dashboard.runtime import prepare

prepare()  # before Reflex is imported: it reads the environment then

import reflex as rx  # noqa: E402
from reflex_base.constants import StateManagerMode  # noqa: E402

from dashboard.plugins import Pages  # noqa: E402
from dashboard.settings import settings  # noqa: E402

_public = settings().public_url

config = rx.Config(
    app_name="dashboard",
    app_module_import="dashboard.app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    state_manager_mode=StateManagerMode.MEMORY,
    frontend_compression_formats=["gzip"],
    plugins=[Pages()],
    disable_plugins=[rx.plugins.SitemapPlugin],  # ours also names what is answered at run time: pages/serving.py
    **({"deploy_url": _public, "cors_allowed_origins": [_public]} if _public else {}),
)
