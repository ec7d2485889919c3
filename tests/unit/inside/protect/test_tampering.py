"""Whoever changes a part of a delivery, and mends the digests too, is refused by `verify` with the reason."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lagesbild.core.refusal import Exit
from lagesbild.inside.cli import main
from offices import make_office

Arrays = dict[str, np.ndarray]
FILES = (
    "released.csv", "hierarchies.json", "audit.json", "private/cells.csv", "private/intervals.csv",
    "private/cost.json", "private/certificate.npz", "private/system.npz", "private/statement.json",
)  # fmt: skip


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    assert main(["protect", "--spec", str(make_office(folder)), "--to", str(folder / "out")]) == Exit.OK
    return folder / "out"


@pytest.fixture
def out(delivered: Path, tmp_path: Path) -> Path:
    for name in (*FILES, "private/digests.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((delivered / name).read_bytes())
    return tmp_path


def refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["--lang", "en", "verify", str(folder)]) in (Exit.SEAL, Exit.UNSAFE)
    told = capsys.readouterr().err
    return told[told.index("[") + 1 : told.index("]")]


def mend_digests(folder: Path) -> None:
    listed = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    (folder / "private/digests.json").write_text(json.dumps(listed))


def test_an_untouched_delivery_holds(out: Path) -> None:
    mend_digests(out)
    assert main(["verify", str(out)]) == Exit.OK


@pytest.mark.parametrize("name", FILES)
def test_a_changed_byte_is_seen_in_every_file(out: Path, name: str, capsys: pytest.CaptureFixture[str]):
    content = bytearray((out / name).read_bytes())
    content[len(content) // 2] ^= 1
    (out / name).write_bytes(content)
    assert refused(out, capsys) == "changed-file"


@pytest.mark.parametrize("name", ["truth.csv", "other/released.csv"])
def test_a_file_that_was_added_to_what_may_be_published_is_seen(
    out: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("region,sex,n\n")
    assert refused(out, capsys) == "added-file"


def test_no_digests_are_no_proof(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (out / "private/digests.json").write_text("{}")
    assert refused(out, capsys) == "added-file"


@pytest.mark.parametrize("name", [*FILES, "private/digests.json"])
def test_a_missing_file_is_seen(out: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (out / name).unlink()
    assert refused(out, capsys) == "incomplete-delivery"


def further(arrays: Arrays) -> None:
    arrays["data"] = arrays["data"] * 3 + 1


def elsewhere(arrays: Arrays) -> None:
    arrays["indices"] = (arrays["indices"] + 1) % arrays["shape"][1]


def no_table(arrays: Arrays) -> None:
    arrays["highest"] = np.full_like(arrays["highest"], -1)


def from_the_end(arrays: Arrays) -> None:
    arrays["highest"] = np.full_like(arrays["highest"], -2)


def out_of_range(arrays: Arrays) -> None:
    arrays["indices"] = arrays["indices"] + arrays["shape"][1]


def twice(arrays: Arrays) -> None:
    """Every entry again in its own row: one by one none takes a cell too far."""
    arrays["data"], arrays["indices"] = np.repeat(arrays["data"], 2), np.repeat(arrays["indices"], 2)
    arrays["indptr"] = arrays["indptr"] * 2


def fewer_cells(arrays: Arrays) -> None:
    arrays["cells"], arrays["highest"], arrays["lowest"] = (
        arrays[name][1:] for name in ("cells", "highest", "lowest")
    )
    arrays["moving"] = arrays["moving"][:0]


def all_shown(arrays: Arrays) -> None:
    arrays["hidden"] = np.zeros_like(arrays["hidden"])


def all_hidden(arrays: Arrays) -> None:
    arrays["hidden"] = np.ones_like(arrays["hidden"])


def other_threshold(arrays: Arrays) -> None:
    arrays["threshold"] = arrays["threshold"] + 1000


def more_unsafe(arrays: Arrays) -> None:
    arrays["unsafe"] = np.ones_like(arrays["unsafe"])


def other_floor(arrays: Arrays) -> None:
    arrays["floor"] = arrays["values"].copy()


def other_counts(arrays: Arrays) -> None:
    arrays["values"] = arrays["values"] * 2


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("certificate", further, "not-proven"),
        ("certificate", elsewhere, "not-proven"),
        ("certificate", no_table, "not-proven"),
        ("certificate", from_the_end, "not-proven"),
        ("certificate", out_of_range, "incomplete-delivery"),
        ("certificate", twice, "not-proven"),
        ("certificate", fewer_cells, "not-proven"),
        ("certificate", all_shown, "not-proven"),
        ("certificate", all_hidden, "other-table"),
        ("system", other_threshold, "not-proven"),
        ("system", more_unsafe, "not-proven"),
        ("system", other_floor, "not-proven"),
        ("system", other_counts, "other-table"),
    ],
)
def test_a_forged_proof_with_mended_digests_is_refused(
    out: Path, name: str, change: Callable[[Arrays], None], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = out / f"private/{name}.npz"
    with np.load(file) as held:
        arrays = dict(held)
    change(arrays)
    np.savez_compressed(file, allow_pickle=False, **arrays)
    mend_digests(out)
    assert refused(out, capsys) == reason


def test_a_shown_cell_with_mended_digests_is_refused(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    released = (out / "released.csv").read_text()
    assert ",,hidden" in released
    (out / "released.csv").write_text(released.replace(",,hidden", ",3,published", 1))
    mend_digests(out)
    assert refused(out, capsys) == "other-table"


@pytest.mark.parametrize("digests", ["[]", "5", '{"released.csv": 5}', '{"released.csv": ["a"]}', "[", ""])
def test_digests_that_are_none_are_seen(out: Path, digests: str, capsys: pytest.CaptureFixture[str]) -> None:
    (out / "private/digests.json").write_text(digests)
    assert refused(out, capsys) in ("incomplete-delivery", "changed-file")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("audit.json", b"{}"),
        ("audit.json", b"[]"),
        ("audit.json", b'{"insider": false, "tables": [{}]}'),
        ("audit.json", b'{"method": "rounding"}'),
        ("hierarchies.json", b"[]"),
        ("hierarchies.json", b'{"region": {"codes": 5, "sums": []}}'),
        ("private/certificate.npz", b"PK"),
        ("private/system.npz", b""),
    ],
)
def test_a_damaged_file_with_mended_digests_is_seen(
    out: Path, name: str, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / name).write_bytes(content)
    mend_digests(out)
    assert refused(out, capsys) == "incomplete-delivery"


@pytest.mark.parametrize("name", ["certificate", "system"])
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_truncated_proof_with_mended_digests_is_seen(
    out: Path, name: str, kept: float, capsys: pytest.CaptureFixture[str]
) -> None:
    file = out / f"private/{name}.npz"
    file.write_bytes(file.read_bytes()[: int(kept * file.stat().st_size)])
    mend_digests(out)
    assert refused(out, capsys) == "incomplete-delivery"


STATED = [
    ('"threshold": 5', '"threshold": 3'),
    ('"threshold": 5', '"threshold": 10'),
    ('"width": 5', '"width": 50'),
    ('"width": 5', '"width": 2'),
    ('"zeros": "candidate"', '"zeros": "published"'),
    ('"attacker_lower": 0', '"attacker_lower": 1'),
    ('"insider": false', '"insider": true'),
]
UNPROVEN = [
    ('"counts": "', '"counts": "x'),
    ('"identities": []', '"identities": [{"total": "a", "parts": ["b", "c"]}]'),
    ('"known_tables": 0', '"known_tables": 3'),
]


def change(folder: Path, name: str, before: str, after: str) -> None:
    content = (folder / name).read_text()
    assert before in content
    (folder / name).write_text(content.replace(before, after))
    mend_digests(folder)


@pytest.mark.parametrize(("before", "after"), [*STATED, *UNPROVEN])
def test_a_statement_that_says_something_else_with_mended_digests_is_refused(
    out: Path, before: str, after: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Later jobs go by what it says."""
    change(out, "audit.json", before, after)
    assert refused(out, capsys) in ("other-table", "not-proven")


@pytest.mark.parametrize(("before", "after"), STATED)
def test_rules_that_the_proof_does_not_reckon_with_are_refused_though_the_private_copy_says_them(
    out: Path, before: str, after: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("audit.json", "private/statement.json"):
        change(out, name, before, after)
    assert refused(out, capsys) in ("other-table", "not-proven")


def test_a_sum_that_is_told_no_more_is_refused(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A later job would not know that the parts add up."""
    told = json.loads((out / "hierarchies.json").read_text())
    told["sex"]["sums"] = []
    (out / "hierarchies.json").write_text(json.dumps(told))
    mend_digests(out)
    assert refused(out, capsys) == "other-table"


@pytest.mark.parametrize("gone", [(), ("certificate",), ("certificate", "system")])
def test_suppression_cannot_be_called_another_method(
    out: Path, gone: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """Planted: a method that gives no proof, the certificate unlisted, and a small count was shown."""
    for name in ("audit.json", "private/statement.json"):
        change(out, name, '"cells":', '"method": "rounding",\n"cells":')
    change(out, "released.csv", "A1,K,,hidden", "A1,K,3,published")
    listed = json.loads((out / "private/digests.json").read_text())
    for name in gone or ("certificate",):
        del listed[f"private/{name}.npz"]
    (out / "private/digests.json").write_text(json.dumps(listed))
    for name in gone:
        (out / f"private/{name}.npz").unlink()
    assert refused(out, capsys) in ("other-table", "incomplete-delivery")


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("released.csv", "A1,T", "A9,T"),
        ("released.csv", ",,hidden", ",,published"),
        ("released.csv", "value", "n"),
        ("hierarchies.json", '"K"', '"Q"'),
        ("audit.json", '"unsafe_too_narrow": 0', '"unsafe_too_narrow": 1'),
        ("audit.json", '"hidden": ', '"hidden": 1'),
        ("private/cells.csv", "A1,K,3", "A1,K,30"),
        ("private/cells.csv", "hidden,1,0", "hidden,0,1"),
        ("private/intervals.csv", "A1,K,", "A1,K,1"),
        ("private/cost.json", '"unsafe": ', '"unsafe": 1'),
    ],
)
def test_a_file_that_says_something_else_with_mended_digests_is_refused(
    out: Path, name: str, before: str, after: str, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (out / name).read_text()
    assert before in content
    (out / name).write_text(content.replace(before, after))
    mend_digests(out)
    assert refused(out, capsys) == "other-table"


def test_codes_that_changed_places_with_mended_digests_are_refused(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (out / "released.csv").read_text()
    swapped = content.replace("\nA1,", "\nA0,").replace("\nB3,", "\nA1,").replace("\nA0,", "\nB3,")
    (out / "released.csv").write_text(swapped)
    mend_digests(out)
    assert refused(out, capsys) == "other-table"


def test_a_sum_that_the_proof_does_not_know_is_refused(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another hierarchy over the same codes would tell of other sums than the proof was made for."""
    told = json.loads((out / "hierarchies.json").read_text())
    told["region"]["sums"][1]["parts"], told["region"]["sums"][2]["parts"] = (
        told["region"]["sums"][2]["parts"], told["region"]["sums"][1]["parts"],
    )  # fmt: skip
    (out / "hierarchies.json").write_text(json.dumps(told))
    mend_digests(out)
    assert refused(out, capsys) == "incomplete-delivery"
