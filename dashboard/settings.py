"""Every setting of the product, read from ``MONITOR_…`` environment variables or a ``.env`` file.

``docs/operator.md`` lists them; a test fails when one is missing there.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

PREFIX = "MONITOR_"

INTERNAL = ("MONITOR_BUILD", "MONITOR_ENDS_WITH_PARENT", "MONITOR_LOG_KEY")
"""Variables by which the processes of one start tell each other something; nobody sets them by hand."""

TRAINING_MARK = "training.json"
"""File that marks a data folder as a training workspace."""


class HttpSettings(BaseModel):
    """Limits of every request to a publisher."""

    connect_timeout: float = Field(10.0, gt=0, description="Seconds to wait for a connection.")
    read_timeout: float = Field(60.0, gt=0, description="Seconds to wait for the next bytes of a reply.")
    total_timeout: float = Field(300.0, gt=0, description="Seconds one reply may take in all.")
    max_bytes: int = Field(64 * 2**20, ge=1, description="Largest reply accepted, in bytes, after decompression.")
    attempts: int = Field(4, ge=1, description="Tries per request, the first included.")
    max_retry_after: float = Field(120.0, ge=0, description="Longest Retry-After obeyed, in seconds; longer fails.")
    backoff: float = Field(0.5, ge=0, description="Seconds before the first retry; doubles, with jitter.")
    per_host: int = Field(4, ge=1, description="Most requests under way to one host.")
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


class LimitSettings(BaseModel):
    """What one client may take, so that the others are not hurt. An address is a client's IP address."""

    connections: int = Field(200, ge=1, description="Websockets one address may hold open.")
    readers: int = Field(600, ge=1, description="Websockets one address may open within two minutes.")
    all_connections: int = Field(5_000, ge=1, description="Websockets of all addresses together.")
    answers: int = Field(300, ge=1, description="HTTP answers under way for one address: downloads, streams, pages.")
    all_answers: int = Field(3_000, ge=1, description="HTTP answers under way for all addresses together.")
    events: int = Field(30, ge=1, description="Events a second of one websocket; more have to wait.")
    backlog: int = Field(4 * 2**20, ge=2**16, description="Unread bytes at which a websocket is cut.")
    renders: int = Field(60, ge=1, description="Pictures and reports made anew for one address within a minute.")
    waiting: int = Field(8, ge=1, description="Reports, briefs and drafts of all addresses that wait.")
    jobs: int = Field(10, ge=1, description="Plans of adoption effects one address may begin within a minute.")


class PullSettings(BaseModel):
    """Offices' own addresses, from which their figures are fetched."""

    hosts: tuple[str, ...] = Field(
        (), description="Hosts that may be asked for an office's figures, by https; none: nothing is fetched."
    )
    megabytes: int = Field(20, ge=1, le=50, description="Largest answer, in MB.")
    seconds: int = Field(60, ge=5, le=600, description="Seconds one answer may take in all.")


class SubmissionSettings(BaseModel):
    """What countries may have open of files that they send, and for how long."""

    account_files: int = Field(30, ge=1, description="Files one account may have open; those of the last day count.")
    account_megabytes: int = Field(200, ge=1, description="Their size together, in MB.")
    country_files: int = Field(150, ge=1, description="Files all accounts of a country may have open.")
    country_megabytes: int = Field(1_000, ge=1, description="Their size together, in MB.")
    draft_days: int = Field(14, ge=4, le=366, description="Days after which a draft is withdrawn that nobody touches.")
    pull: PullSettings = Field(default_factory=PullSettings)


class VoiceSettings(BaseModel):
    """Citizens' voice: sealing of raw words, and limits of the public form."""

    keys: tuple[SecretStr, ...] = Field(
        (), description="Keys that seal raw words, name:base64 each, newest first; without one nothing is taken."
    )
    per_minute: int = Field(30, ge=1, description="Most opinions taken from one address in a minute.")
    per_hour: int = Field(300, ge=1, description="Most opinions taken from one address in an hour.")
    words_months: int = Field(
        24, ge=1, le=120, description="Months after which an opinion's words go; its count stays."
    )
    vectors: bool = Field(
        True,
        description="Whether opinions are sorted by sentence vectors, in a process of 500 MiB; else by their words.",
    )


def read_contact(given: str) -> str:
    """An address at which people are written to; "" for none.

    Raises:
        ValueError: it is neither ``mailto:…`` nor ``https://…``.
    """
    if given and (not given.startswith(("mailto:", "https://")) or len(given.split()) > 1):
        raise ValueError("must begin with mailto: or https://")
    return given


class OidcSettings(BaseModel):
    """The login of an organisation, beside or instead of passwords (OpenID Connect)."""

    issuer: str = Field("", description="Address of the provider, as its discovery document names it; empty: none.")
    client_id: str = Field("", description="Name under which the provider knows this installation.")
    client_secret: SecretStr | None = Field(None, description="Secret the provider gave for it.")
    label: str = Field("", description="What the provider is called on the login page.")
    scope: str = Field("openid email profile", description="Scopes asked for.")
    role_claim: str = Field("groups", description="Claim whose values are mapped to roles.")
    private_hosts: tuple[str, ...] = Field(
        (),
        description="Hosts, or host:port, of the provider that may be asked though they are in a private network.",
    )
    roles: dict[str, str] = Field(
        default_factory=dict, description="Value of the claim → role, or role:country:office, e.g. contributor:AZE:…"
    )


class AccountSettings(BaseModel):
    """People who contribute, approve, review and administer; readers need none of it."""

    enabled: bool = Field(False, description="Whether people can log in.")
    contact: str = Field("", description="Where people ask for an account, mailto:… or https://…; told on pages.")
    passwords: bool = Field(True, description="Whether e-mail and password are taken; false: only the organisation's.")
    idle_hours: float = Field(12.0, gt=0, description="Hours without a request after which a session ends.")
    session_days: float = Field(7.0, gt=0, description="Days after which a session ends in any case.")
    link_hours: float = Field(72.0, gt=0, description="Hours an invitation by link can be used.")
    attempts: int = Field(10, ge=1, description="Attempts per address and account in a quarter of an hour.")
    account_attempts: int = Field(
        100, ge=1, description="Attempts per account from all addresses; known devices and mailed links pass."
    )
    address_attempts: int = Field(50, ge=1, description="Attempts per network address in a quarter of an hour.")
    limits_url: SecretStr | None = Field(
        None,
        description="Where attempts are counted; empty: where other limits are (`MONITOR_REDIS_URL`, else memory).",
    )
    oidc: OidcSettings = Field(default_factory=OidcSettings)

    @field_validator("contact")
    @classmethod
    def _a_contact(cls, given: str) -> str:
        return read_contact(given)


class MailSettings(BaseModel):
    """The server that sends invitations and resets."""

    host: str = Field("", description="SMTP server; empty: links are shown to whoever makes them.")
    port: int = Field(587, ge=1, le=65535, description="Its port.")
    user: str = Field("", description="User name, where it asks for one.")
    password: SecretStr | None = Field(None, description="Password of that user.")
    encryption: Literal["starttls", "tls", "none"] = Field("starttls", description="How the connection is protected.")
    sender: str = Field("", description="Address that mail comes from.")
    timeout: float = Field(20.0, gt=0, description="Seconds to wait for the server.")


class Settings(BaseSettings):
    """The whole configuration. Secrets never reach State, logs or pages."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", env_file=".env", extra="ignore", frozen=True
    )

    data_dir: Path = Field(Path("var"), description="Where database, raw replies and published datasets live.")
    keys_dir: Path | None = Field(
        None,
        description="Where keys of survey files lie, never in a backup; empty means beside the data directory.",
    )
    database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL; empty means SQLite in the data directory, postgresql+psycopg://… is supported.",
    )
    public_url: str | None = Field(
        None, description="Address visitors use, for links, sitemap and CORS: https beyond localhost; empty: localhost."
    )
    port: int = Field(3000, ge=1, le=65535, description="Port of the server; `serve --port` goes before it.")
    hosts: tuple[str, ...] = Field(
        (),
        description="Further names it may be asked by, such as a container's own by a program that reads `/metrics`.",
    )
    redis_url: SecretStr | None = Field(
        None, description="redis://…: where State and limits of several servers are kept; empty: in memory."
    )
    security_contact: str = Field(
        "", description="Where a weakness is reported, mailto:… or https://…, for `/.well-known/security.txt`."
    )
    metrics_token: SecretStr | None = Field(
        None, description="Bearer token that reads `/metrics`; empty: answered on this machine only."
    )
    backup_key: SecretStr | None = Field(None, description="Age key that encrypts backups; empty: not encrypted.")
    backup_hours: float = Field(48.0, gt=0, description="Hours after which the newest backup is old.")
    secret: SecretStr | None = Field(
        None, description="At least 32 random characters that seal forms and one-time codes; needed with accounts."
    )
    former_secrets: tuple[SecretStr, ...] = Field(
        (), description="Secrets of before: what they sealed still opens, until `account rotate` has sealed it anew."
    )
    proxies: int = Field(0, ge=0, le=10, description="Reverse proxies in front, whose X-Forwarded-For is believed.")
    training: bool = Field(
        False, description="Whether the data folder is a training workspace: set by `python -m dashboard training`."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        "INFO", description="Lowest level of log line written."
    )
    http: HttpSettings = Field(default_factory=HttpSettings)
    sources: dict[str, AddressSettings] = Field(
        default_factory=dict, description="Where publishers are to be asked instead of where source.toml says."
    )
    review: ReviewSettings = Field(default_factory=ReviewSettings)
    schedule: ScheduleSettings = Field(default_factory=ScheduleSettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    submissions: SubmissionSettings = Field(default_factory=SubmissionSettings)
    voice: VoiceSettings = Field(default_factory=VoiceSettings)
    accounts: AccountSettings = Field(default_factory=AccountSettings)
    mail: MailSettings = Field(default_factory=MailSettings)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_the_default(cls, given: dict[str, Any]) -> dict[str, Any]:
        """A variable that is set to nothing is one that is not set, as in `MONITOR_BACKUP_KEY=`."""
        return {name: value for name, value in given.items() if value != ""}

    @field_validator("log_level", mode="before")
    @classmethod
    def _a_level(cls, given: object) -> object:
        return given.upper() if isinstance(given, str) else given

    @field_validator("security_contact")
    @classmethod
    def _a_contact(cls, given: str) -> str:
        return read_contact(given)

    @field_validator("redis_url")
    @classmethod
    def _a_redis(cls, given: SecretStr | None) -> SecretStr | None:
        if given is not None and not given.get_secret_value().startswith(("redis://", "rediss://")):
            raise ValueError("must begin with redis:// or rediss://")
        return given

    @field_validator("public_url")
    @classmethod
    def _an_origin(cls, given: str | None) -> str | None:
        return read_origin(given) if given else None

    @property
    def origin(self) -> str:
        """Scheme, host and port visitors use, without a slash at the end: the one that addresses are written with."""
        return self.public_url or f"http://localhost:{self.port}"

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
    def limits_url(self) -> str:
        """Where limits are counted: in Redis, which several servers share, or in this process (a secret)."""
        return self.redis_url.get_secret_value() if self.redis_url else "memory://"

    @property
    def backup_identity(self) -> str:
        """What backups are encrypted with; empty: they are not (a secret)."""
        return self.backup_key.get_secret_value() if self.backup_key else ""

    @property
    def codebook_dir(self) -> Path | None:
        """Folder of the codebook in effect; None: the one that comes with the product."""
        return self.data_dir / "codebook" if self.training else None

    @property
    def sqlite_path(self) -> Path | None:
        """The file of an SQLite database; None on another engine."""
        url = self.sqlalchemy_url
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None

    @property
    def dataset_dir(self) -> Path:
        """Folder of published datasets."""
        return self.data_dir / "dataset"

    @property
    def bulk_dir(self) -> Path:
        """Folder of whole files of the dataset, made when asked for; it can be emptied at any time."""
        return self.data_dir / "bulk"

    @property
    def submissions_dir(self) -> Path:
        """Folder of the files that people send."""
        return self.data_dir / "submissions"

    @property
    def raw_dir(self) -> Path:
        """Folder of the content-addressed store of received replies."""
        return self.data_dir / "raw"

    @property
    def survey_keys_dir(self) -> Path:
        """Folder of the keys of survey files: not in the data directory, so that no copy of that holds them."""
        return self.keys_dir or self.data_dir.resolve().with_name(f"{self.data_dir.resolve().name}.keys")

    @property
    def voice_dir(self) -> Path:
        """Folder of trained classifiers."""
        return self.data_dir / "voice"

    @property
    def effects_dir(self) -> Path:
        """Folder of plans of adoption effects and their results."""
        return self.data_dir / "effects"

    @property
    def surveys_dir(self) -> Path:
        """Folder of results that were estimated here from microdata of public surveys."""
        return self.data_dir / "surveys"


LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Addresses that only the machine itself reaches."""

_HOST = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.I)


def read_origin(given: str) -> str:
    """The origin that an address is: ``https://host[:port]``, or http on this machine.

    Raises:
        ValueError: it is none, or has more than an origin has.
    """
    try:
        parts = urlsplit(given.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    plain = not (parts.username or parts.password or parts.query or parts.fragment or parts.path.strip("/"))
    known = host in LOOPBACK or bool(_HOST.fullmatch(host) and len(host) <= 253)
    if not plain or not known or parts.scheme not in ("http", "https"):
        raise ValueError("must be an address such as https://monitor.example.org, without a path")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise ValueError("must begin with https:// where it is not this machine")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "")


class FaultySettings(ValueError):
    """A setting cannot be used; the message names it and says why, without its value."""


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        FaultySettings: one of them cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = [f"{_variable(fault['loc'])}: {fault['msg']}" for fault in error.errors(include_input=False)]
        raise FaultySettings("; ".join(faults)) from error
    except SettingsError as error:
        group = str(error).partition('"')[2].partition('"')[0].upper()
        named = ", ".join(name for name, text in os.environ.items() if _is_faulty(name, text))
        named = named or f"a setting that begins with MONITOR_{group}"
        raise FaultySettings(f"{named} is not JSON: a list stands in [ ], a text in double quotes") from error


def _variable(place: tuple[int | str, ...]) -> str:
    """The variable that a part of the settings comes from."""
    return PREFIX + "__".join(str(part) for part in place if isinstance(part, str)).upper()


def _is_faulty(name: str, text: str) -> bool:
    """Whether a variable of ours looks like JSON and is none."""
    if not name.upper().startswith(PREFIX) or not text.lstrip().startswith(("[", "{")):
        return False
    try:
        json.loads(text)
    except ValueError:
        return True
    return False


def find_unknown_variables(given: Iterable[str] | None = None) -> dict[str, str]:
    """Variables that begin as ours do and are none, each with the nearest that is one, or "".

    Args:
        given: their names; if left out, those of the environment and of ``.env``.
    """
    if given is None:
        from dotenv import dotenv_values

        given = {*os.environ, *dotenv_values(".env")}
    known = {*INTERNAL, *_names(Settings, PREFIX)}
    found: dict[str, str] = {}
    for name in sorted(given):
        upper = name.upper()
        parts = upper.removeprefix(PREFIX).lower().split("__")
        if not upper.startswith(PREFIX) or upper in INTERNAL or _takes(Settings, parts):
            continue
        publisher = "__".join(upper.split("__")[:2])  # of addresses there are as many as publishers
        ours = {*known, *_names(AddressSettings, f"{publisher}__")} if parts[0] == "sources" else known
        found[name] = next(iter(get_close_matches(upper, ours, 1, 0.6)), "")
    return found


def _names(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """The variables of a group of settings and of the groups in it."""
    for name, field in model.model_fields.items():
        yield (variable := f"{prefix}{name.upper()}")
        if _is_group(field.annotation):
            yield from _names(field.annotation, f"{variable}__")  # type: ignore[arg-type]


def _takes(model: type[BaseModel], parts: Sequence[str]) -> bool:
    """Whether a group of settings has a field of this name, or a group or a table that has."""
    field, rest = model.model_fields.get(parts[0]), parts[1:]
    if field is None or not rest:
        return field is not None
    kind = field.annotation
    if get_origin(kind) is dict:
        kind, rest = get_args(kind)[1], rest[1:]
        if not rest:
            return True
    return _is_group(kind) and _takes(kind, rest)  # type: ignore[arg-type]


def _is_group(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
