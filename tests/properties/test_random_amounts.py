"""Tables of amounts are attacked from their files alone, by an attacker who shares no code with us."""

from pathlib import Path

from reference.random_amounts import Costs, attacked, harms

TABLES = 20


def test_nobody_comes_closer_to_an_amount_than_the_rule_allows() -> None:
    found = [attacked(seed) for seed in range(TABLES)]
    assert [each.harmed for each in found] == [()] * TABLES
    assert sum(each.released and each.sensitive > 0 for each in found) > TABLES / 2


def test_the_attacker_sees_amounts_of_which_only_the_sensitive_are_hidden(tmp_path: Path) -> None:
    """Planted: each total less its other parts gives the amount, and who gave second most has the largest."""
    costs = next(each for each in map(Costs, range(TABLES)) if each.p and _sensitive(each) > 0)
    rows = (
        f"{','.join(cell)},{',hidden' if costs.lacking(cell) > 0 else f'{amount},published'}\n"
        for cell, amount in costs.truth.items()
    )
    (tmp_path / "released.csv").write_text(f"region,branch,value,status\n{''.join(rows)}")
    assert any("the second largest" in harm for harm in harms(costs, tmp_path / "released.csv"))


def _sensitive(costs: Costs) -> int:
    return sum(costs.lacking(cell) > 0 for cell in costs.truth)
