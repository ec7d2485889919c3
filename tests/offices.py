"""Small protection jobs on disk: invented places, sensible defaults."""

import json
from collections.abc import Mapping
from pathlib import Path

SPEC = """
[table]
file = "leaves.csv"
value = "n"
[dimensions]
region = "region.csv"
sex = "sex.csv"
[rule]
threshold = 5
"""
REGION = "levels,codes\n@,R\n@@,A\n@@@,A1\n@@@,A2\n@@@,A3\n@@,B\n@@@,B1\n@@@,B2\n@@@,B3\n"
SEX = "levels,codes\n@,T\n@@,K\n@@,M\n"
LEAVES = {
    "A1": (3, 40), "A2": (17, 12), "A3": (9, 25),
    "B1": (0, 30), "B2": (22, 4), "B3": (14, 11),
}  # fmt: skip


def make_office(
    folder: Path, spec: str = SPEC, leaves: Mapping[str, tuple[int, int]] = LEAVES, **files: str
) -> Path:
    """A folder with a specification, hierarchies and leaf counts; returns the specification's path."""
    rows = "".join(f"{place},K,{women}\n{place},M,{men}\n" for place, (women, men) in leaves.items())
    contents = {"region": REGION, "sex": SEX, "leaves": f"region,sex,n\n{rows}", **files}
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / f"{name}.csv").write_text(content)
    (folder / "spec.toml").write_text(spec)
    return folder / "spec.toml"


def audit_of(folder: Path) -> Mapping[str, int]:
    return dict(json.loads((folder / "audit.json").read_text()))
