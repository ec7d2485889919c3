"""A system in parts: groups of cells that share no equation with each other."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from .system import System

Group = NDArray[np.intp]
"""Cells, ascending."""


def joined(equations: sp.csr_array) -> list[Group]:
    """The cells in groups that share no equation with each other."""
    # Equations and cells are the nodes of one graph: far smaller than every pair of cells that share one.
    rows, _ = equations.shape
    nodes: sp.csr_array = sp.block_array([[None, equations], [equations.T, None]], format="csr")
    _, group = connected_components(nodes.astype(np.float64), directed=False)
    group = group[rows:]
    order = np.argsort(group, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(group[order])) + 1)


def bundled(groups: Sequence[Group], weights: Sequence[int], least: int) -> list[Group]:
    """Groups put together in their order until each bundle weighs at least so much, but for the last."""
    bundles: list[list[Group]] = [[]]
    weight = 0
    for group, own in zip(groups, weights, strict=True):
        if weight >= least:
            bundles.append([])
            weight = 0
        bundles[-1].append(group)
        weight += own
    return [np.sort(np.concatenate(bundle)) for bundle in bundles if bundle]


def part(system: System, cells: Group) -> System:
    """The system of these cells alone; every equation that holds one of them holds only them."""
    columns = system.equations[:, cells]
    rows = np.flatnonzero(np.diff(columns.indptr))
    arrays = {field.name: getattr(system, field.name) for field in fields(System)}
    del arrays["equations"]
    own = {name: array[cells] for name, array in arrays.items()}
    return System(equations=columns[rows], **own)
