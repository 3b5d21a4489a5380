"""``python -m tests.analysis.sdmx.readers pysdmx|sdmx1 MESSAGE STRUCTURE OUT``: a message as an independent library
reads it."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

Rows = Iterator[dict[str, str]]


def read_with_pysdmx(message: Path, _structure: Path) -> Rows:
    """Every observation, as pysdmx has it."""
    from pysdmx.io import read_sdmx

    for dataset in read_sdmx(message, validate=False).data:
        frame = dataset.data
        for row in frame.to_dict(orient="records"):
            yield {name: "" if value is None or value != value else str(value) for name, value in row.items()}


def read_with_sdmx1(message: Path, structure: Path) -> Rows:
    """Every observation, as sdmx1 has it."""
    import sdmx

    read = sdmx.read_sdmx(message, structure=next(iter(sdmx.read_sdmx(structure).structure.values())))
    for dataset in read.data:
        for observation in dataset.obs:
            row = {name: str(value.value) for name, value in observation.key.values.items()}
            for name, attribute in observation.attrib.items():
                row[name] = str(attribute.value)
            if observation.value is not None:
                row["OBS_VALUE"] = str(observation.value)
            yield row


READERS = {"pysdmx": read_with_pysdmx, "sdmx1": read_with_sdmx1}


def main(library: str, message: str, structure: str, out: str) -> None:
    """Write what a library reads."""
    rows = list(READERS[library](Path(message), Path(structure)))
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with Path(out).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(*sys.argv[1:])
