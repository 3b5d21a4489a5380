"""A publication killed at any of its steps is seen by nobody, or by everybody after the next start.

Each step of each kind once; ``python -m tests.operations.kills`` kills at random moments, 200 times.
"""

from pathlib import Path

import pytest

from tests.operations.deeds import KINDS, Forge, World, publishing_server, steps_of


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_killed_at_any_step_record_and_served_agree(database_url: str, tmp_path: Path) -> None:
    with publishing_server() as publisher:
        world = World.at(database_url, tmp_path / "data", publisher)
        found = {}
        with Forge(world) as forge:
            for kind in KINDS:
                for step in steps_of(kind):
                    world.prepare(kind)
                    forge.begin(kind, step)
                    assert forge.ended() == "killed", f"{kind} has no step {step!r}"
                    world.restart()
                    if faults := world.faults():
                        found[f"{kind}, {step}"] = faults
                world.prepare(kind)
                forge.begin(kind)
                assert forge.ended() == "done", f"{kind} does not go on"
                assert (world.faults(), world.left_over()) == ([], [])
        assert found == {}
