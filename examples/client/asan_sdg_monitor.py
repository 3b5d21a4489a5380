"""A client of the ASAN SDG Monitor: figures with where they come from, and whole files with their checksums.

    from asan_sdg_monitor import Monitor

    with Monitor("https://monitor.example") as monitor:
        for row in monitor.observations("wgi_cc", countries=["AZE", "GEO"], first=2015):
            print(row["country"], row["period"], row["value"])

``pip install`` this folder. Answers are those of the newest dataset, or of the end of a day (``Monitor(…, as_of=…)``).
A figure that is missing is a row with ``value`` None and a ``status`` that says why: it is never zero.
"""

import hashlib
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self, TypedDict

import httpx

__all__ = ["Damaged", "Monitor", "Observation", "Problem", "Refused"]

Form = Literal["parquet", "arrow", "csv.zst", "zip"]
PAGE = 5_000


class Observation(TypedDict):
    """A figure; ``/api/v1/provenance/<id>`` tells how we know it."""

    id: str
    indicator: str
    country: str  # ISO 3166-1 alpha-3
    period: str  # "2015", or "2015/2025": some year within
    dimensions: dict[str, str]  # {} is the national total
    value: float | None
    lower: float | None
    upper: float | None
    unit: str
    status: str  # normal, estimated, provisional, unreliable, censored, missing, not_applicable
    nature: str
    source: str
    edition: str
    retrieved_at: str


@dataclass(frozen=True)
class Problem:
    """What was wrong with a question (RFC 9457). ``type`` is stable: ``urn:asan-sdg-monitor:problem:…``."""

    type: str
    title: str
    status: int
    detail: str
    suggestions: tuple[str, ...] = ()


class Refused(Exception):
    """The monitor did not answer; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.title}: {problem.detail}")
        self.problem = problem


class Damaged(Exception):
    """What arrived is not what the monitor says it sent."""


class Monitor:
    """A monitor at an address."""

    def __init__(self, address: str, *, as_of: date | None = None, lang: str = "en", timeout: float = 30.0) -> None:
        """A client; close it, or use it as a context.

        Args:
            address: scheme and host, for instance ``https://monitor.example``.
            as_of: answers are those of the dataset at the end of this day; None: of the newest.
            lang: language of names and sentences: en, fr, ar or az.
            timeout: seconds until a request is given up.
        """
        self._common = {"lang": lang} | ({"as_of": as_of.isoformat()} if as_of else {})
        self._http = httpx.Client(base_url=f"{address.rstrip('/')}/api/v1/", timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *about: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._http.close()

    def meta(self) -> dict[str, Any]:
        """Versions of dataset and codebook, counts, languages."""
        return self._json("meta")

    def indicators(self) -> list[dict[str, Any]]:
        """Every indicator with its unit, direction and links to targets, with or without figures."""
        entries: list[dict[str, Any]] = self._json("indicators")["indicators"]
        return entries

    def countries(self) -> list[dict[str, Any]]:
        """Every country and area with its groups and adoption status."""
        entries: list[dict[str, Any]] = self._json("countries")["countries"]
        return entries

    def observations(
        self,
        *indicators: str,
        countries: Iterable[str] = (),
        first: int | None = None,
        last: int | None = None,
        totals: bool = False,
        series: str = "primary",
        fields: Iterable[str] = (),
    ) -> Iterator[Observation]:
        """Figures in the order of indicator, country and year, a page at a time as they are asked for.

        Args:
            indicators: ids, for instance ``wgi_cc``; none: all, and then a country must be named.
            countries: ISO 3166-1 alpha-3 codes; none: all.
            first: first year.
            last: last year.
            totals: national totals only, without breakdowns.
            series: ``primary``, what pages show; ``all``; or the code of one national series.
            fields: the columns to give; none: all.

        Raises:
            Refused: the question cannot be answered, or a newer dataset was published meanwhile.
        """
        question: dict[str, Any] = {
            "indicator": ",".join(indicators),
            "country": ",".join(countries),
            "from": first,
            "to": last,
            "dimensions": "total" if totals else "all",
            "series": series,
            "fields": ",".join(fields),
            "limit": PAGE,
        }
        while True:
            page = self._json("observations.json", **question)
            yield from page["rows"]
            if page["next"] is None:
                return
            question["cursor"] = page["next"]

    def provenance(self, observation: str) -> dict[str, Any]:
        """How a figure is known: publisher, address, edition, licence, hash of what was received, vintage."""
        return self._json(f"provenance/{observation}")

    def search(self, text: str) -> dict[str, Any]:
        """What is called so, in any language."""
        return self._json("search", q=text)

    def changes(self, since: date | int | None = None, **filters: str) -> dict[str, Any]:
        """What the vintages after a day or a number changed."""
        return self._json("changes", since=since.isoformat() if isinstance(since, date) else since, **filters)

    def download(self, path: Path, form: Form = "parquet", **filters: str) -> str:
        """The dataset as a file, or the part that filters name (as of ``observations``); gives its SHA-256.

        A file that was cut off before is continued where it ended, if it is still the same file.

        Raises:
            Refused: the question cannot be answered.
            Damaged: the checksum is not that of the file.
        """
        part = path.with_name(f"{path.name}.part")
        mark = path.with_name(f"{path.name}.etag")
        headers = {}
        if part.exists() and mark.exists():
            headers = {"Range": f"bytes={part.stat().st_size}-", "If-Range": mark.read_text()}
        question = self._question(filters)
        with self._http.stream("GET", f"dataset.{form}", params=question, headers=headers) as answer:
            if answer.status_code == 416:  # all of it had come
                part.unlink()
                return self.download(path, form, **filters)
            self._check(answer)
            mark.write_text(answer.headers["etag"])
            with part.open("ab" if answer.status_code == 206 else "wb") as file:
                for chunk in answer.iter_bytes():
                    file.write(chunk)
            told = answer.headers["repr-digest"].removeprefix("sha-256=:").rstrip(":")
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        mark.unlink()
        if digest.digest() != b64decode(told):
            part.unlink()
            raise Damaged(f"{path.name} did not arrive as it was sent: ask again")
        part.replace(path)
        return digest.hexdigest()

    def _question(self, given: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in (self._common | given).items() if value not in (None, "")}

    def _json(self, route: str, **given: Any) -> dict[str, Any]:
        answer = self._http.get(route, params=self._question(given))
        self._check(answer)
        told: dict[str, Any] = answer.json()
        return told

    @staticmethod
    def _check(answer: httpx.Response) -> None:
        if answer.is_success:
            return
        answer.read()
        try:
            told = answer.json()
        except ValueError:
            told = {}
        raise Refused(
            Problem(
                type=told.get("type", "about:blank"),
                title=told.get("title", answer.reason_phrase),
                status=answer.status_code,
                detail=told.get("detail", ""),
                suggestions=tuple(
                    one if isinstance(one, str) else one.get("id", "") for one in told.get("suggestions", ())
                ),
            )
        )
