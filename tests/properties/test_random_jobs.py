"""Histories of releases are attacked from their files alone, by an attacker who shares no code with us."""

from pathlib import Path

from reference.plain_attacker import Attacker, Axis, added_up
from reference.random_jobs import attacked

HISTORIES = 24


def test_nothing_is_worked_out_from_all_releases_together() -> None:
    found = [attacked(seed) for seed in range(HISTORIES)]
    assert [each.harmed for each in found] == [()] * HISTORIES
    assert sum(each.releases > 0 for each in found) > HISTORIES / 2


def test_the_attacker_works_out_what_a_sum_gives_away(tmp_path: Path) -> None:
    region = Axis("region", (((1, "T"), (2, "a"), (2, "b"), (2, "c")),))
    truth = added_up((region,), {("a",): 3, ("b",): 4, ("c",): 9})
    alone, both = tmp_path / "alone.csv", tmp_path / "both.csv"
    head = "region,value,status\nT,16,published\na,,hidden\n"
    alone.write_text(head + "b,4,published\nc,9,published\n")
    both.write_text(head + "b,,hidden\nc,9,published\n")
    harms = []
    for file in (alone, both):
        attacker = Attacker({"region": frozenset("abc")})
        attacker.reads("persons", (region,), truth, file)
        attacker.supplied("persons", (region,), truth, region)
        harms.append(attacker.harmed(least=1, threshold=5, width=5, lower=0))
    assert any("3.0 to 3.0" in each for each in harms[0])
    assert sorted(each.split(": ")[1] for each in harms[1]) == ["known to a", "known to b"]
