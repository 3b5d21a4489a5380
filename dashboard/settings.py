"""Every setting of the product, read from ``MONITOR_…`` environment variables or a ``.env`` file.

``docs/operator.md`` lists them; a test fails when one is missing there.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class HttpSettings(BaseModel):
    """Limits of every request to a publisher."""

    connect_timeout: float = Field(10.0, description="Seconds to wait for a connection.")
    read_timeout: float = Field(60.0, description="Seconds to wait for the next bytes of a reply.")
    total_timeout: float = Field(300.0, description="Seconds one reply may take in all.")
    max_bytes: int = Field(64 * 2**20, description="Largest reply accepted, in bytes, after decompression.")
    attempts: int = Field(4, description="Tries per request, the first included.")
    max_retry_after: float = Field(120.0, description="Longest Retry-After obeyed, in seconds; longer is a failure.")
    backoff: float = Field(0.5, description="Seconds before the first retry; doubles, with jitter.")
    per_host: int = Field(4, description="Most requests under way to one host.")
    user_agent: str = Field("asan-sdg-monitor/0.1", description="User-Agent sent to publishers.")


class AddressSettings(BaseModel):
    """Where a publisher is to be asked; what is left out stays as its ``source.toml`` says."""

    base_url: str = Field("", description="Base URL of its API.")
    mirrors: tuple[str, ...] = Field((), description="Where the same API answers too, asked when it is down.")
    files: dict[str, str] = Field(default_factory=dict, description="Edition → address or path of its file.")
    sites: list[dict[str, Any]] = Field(default_factory=list, description="Installations of a platform to add or move.")


class ReviewSettings(BaseModel):
    """When a gathered change waits for a person instead of being published."""

    share: float = Field(0.3, ge=0, le=1, description="Share of a source's figures vanished or revised; 1 is never.")
    least: int = Field(50, ge=1, description="Fewest published figures of which a share says anything.")
    countries: float = Field(0.5, ge=0, le=1, description="Share of a series' countries that vanish; 1 is never.")


class ScheduleSettings(BaseModel):
    """Gathering by itself while pages are served."""

    enabled: bool = Field(True, description="Whether the server gathers what is due.")
    minutes: float = Field(15.0, gt=0, description="Minutes between two looks for what is due.")


class Settings(BaseSettings):
    """The whole configuration. Secrets never reach State, logs or pages."""

    model_config = SettingsConfigDict(
        env_prefix="MONITOR_", env_nested_delimiter="__", env_file=".env", extra="ignore", frozen=True
    )

    data_dir: Path = Field(Path("var"), description="Where database, raw replies and published datasets live.")
    database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL; empty means SQLite in the data directory, postgresql+psycopg://… is supported.",
    )
    public_url: str | None = Field(
        None, description="Address visitors use, for links, sitemap and CORS; empty means localhost."
    )
    log_level: str = Field("INFO", description="Lowest level of log line written.")
    http: HttpSettings = Field(default_factory=HttpSettings)
    sources: dict[str, AddressSettings] = Field(
        default_factory=dict, description="Where publishers are to be asked instead of where source.toml says."
    )
    review: ReviewSettings = Field(default_factory=ReviewSettings)
    schedule: ScheduleSettings = Field(default_factory=ScheduleSettings)

    @property
    def sqlalchemy_url(self) -> str:
        """The database URL in effect (a secret: do not log it)."""
        if self.database_url is not None and self.database_url.get_secret_value():
            url = self.database_url.get_secret_value()
            for short in ("postgres://", "postgresql://"):
                if url.startswith(short):
                    return "postgresql+psycopg://" + url.removeprefix(short)
            return url
        return f"sqlite:///{(self.data_dir / 'monitor.sqlite3').resolve()}"

    @property
    def dataset_dir(self) -> Path:
        """Folder of published datasets."""
        return self.data_dir / "dataset"

    @property
    def raw_dir(self) -> Path:
        """Folder of the content-addressed store of received replies."""
        return self.data_dir / "raw"

    @property
    def effects_dir(self) -> Path:
        """Folder of plans of adoption effects and their results."""
        return self.data_dir / "effects"


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
