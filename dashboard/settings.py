"""Every setting of the product, read from ``MONITOR_…`` environment variables or a ``.env`` file.

``docs/operator.md`` lists them; a test fails when one is missing there.
"""

from functools import lru_cache
from pathlib import Path

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


class WorldBankSettings(BaseModel):
    """World Bank Indicators API."""

    base_url: str = Field("https://api.worldbank.org/v2", description="Base URL of the World Bank API, version 2.")


class UnSdgSettings(BaseModel):
    """United Nations SDG API."""

    base_url: str = Field("https://unstats.un.org/sdgapi/v1/sdg", description="Base URL of the UN SDG API.")


class SourcesSettings(BaseModel):
    """One block per publisher."""

    world_bank: WorldBankSettings = Field(default_factory=WorldBankSettings)
    un_sdg: UnSdgSettings = Field(default_factory=UnSdgSettings)


class Settings(BaseSettings):
    """The whole configuration. Secrets never reach State, logs or pages."""

    model_config = SettingsConfigDict(
        env_prefix="MONITOR_", env_nested_delimiter="__", env_file=".env", extra="ignore", frozen=True
    )

    data_dir: Path = Field(Path("var"), description="Where database, raw replies and published datasets live.")
    database_url: SecretStr | None = Field(
        None, description="SQLAlchemy URL; empty means SQLite in the data directory, postgresql+psycopg://… is supported."
    )
    public_url: str | None = Field(None, description="Address visitors use, for links, sitemap and CORS; empty means localhost.")
    log_level: str = Field("INFO", description="Lowest level of log line written.")
    http: HttpSettings = Field(default_factory=HttpSettings)
    sources: SourcesSettings = Field(default_factory=SourcesSettings)

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


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
