"""Settings → the configuration of Reflex; nothing else."""

from dashboard.runtime.process import prepare

prepare()  # before Reflex is imported: it reads the environment then

import reflex as rx  # noqa: E402
from reflex_base.constants import StateManagerMode  # noqa: E402

from dashboard.interfaces.pages.shell.build import BUILT_FOR, Pages  # noqa: E402
from dashboard.interfaces.protection.origin import list_allowed_origins  # noqa: E402
from dashboard.interfaces.protection.states import STATE_LIFETIME_S  # noqa: E402
from dashboard.settings import settings  # noqa: E402

_redis = settings().redis_url

config = rx.Config(
    app_name="dashboard",
    app_module_import="dashboard.app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    state_manager_mode=StateManagerMode.REDIS if _redis else StateManagerMode.MEMORY,
    frontend_compression_formats=["gzip"],
    plugins=[Pages()],
    disable_plugins=[rx.plugins.SitemapPlugin],  # ours also names what is answered at run time: pages/shell/serving.py
    redis_token_expiration=STATE_LIFETIME_S,
    cors_allowed_origins=list_allowed_origins(),
    api_url=BUILT_FOR,
    deploy_url=BUILT_FOR,
    **({"redis_url": _redis.get_secret_value()} if _redis else {}),
)
