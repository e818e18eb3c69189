"""The cheapest way to pair rows with columns, each used at most once; unpaired ones cost nothing.

Rows and columns that may gain from each other fall into small islands when positions are on a line;
each island is solved exactly by shortest augmenting paths (Jonker & Volgenant 1987).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annotator.agreement.continua import Floats, Ints


def best_pairs(gain: Floats) -> list[tuple[int, int]]:
    """Pairs (row, column) of greatest total gain; only entries above 0 are ever paired, rows ascending."""
    rows, columns = np.nonzero(gain > 0)
    alone = (np.bincount(rows)[rows] == 1) & (np.bincount(columns)[columns] == 1)
    pairs = list(zip(rows[alone].tolist(), columns[alone].tolist(), strict=True))
    for island in _islands(rows[~alone], columns[~alone], gain.shape):
        pairs += _solved(gain, *island)
    return sorted(pairs)


def least_cost(cost: Floats) -> Ints:
    """For a square matrix the column of each row in an assignment of least total cost."""
    size = len(cost)
    column_price = np.zeros(size + 1)
    row_of = np.full(size + 1, -1, dtype=np.int64)
    for row in range(size):
        _augment(row, cost, column_price, row_of)
    column_of = np.empty(size, dtype=np.int64)
    column_of[row_of[:size]] = np.arange(size)
    return column_of


def _augment(row: int, cost: Floats, column_price: Floats, row_of: Ints) -> None:
    """One more row, by the shortest path of reduced costs; the extra last column is where it starts."""
    size = len(cost)
    row_of[size] = row
    current = size
    shortest = np.full(size, np.inf)
    before = np.full(size, size, dtype=np.int64)
    done = np.zeros(size, dtype=bool)
    reached: list[tuple[int, float]] = []
    travelled = 0.0
    while row_of[current] >= 0:
        here = row_of[current]
        base = cost[here] - column_price[:size]
        anchor = 0.0 if current == size else cost[here, current] - column_price[current]
        reduced = travelled + base - anchor
        nearer = ~done & (reduced < shortest)
        shortest[nearer] = reduced[nearer]
        before[nearer] = current
        current = int(np.argmin(np.where(done, np.inf, shortest)))
        travelled = float(shortest[current])
        if row_of[current] < 0:
            break
        done[current] = True
        reached.append((current, travelled))
    for column, at in reached:
        column_price[column] += at - travelled
    while current != size:
        row_of[current] = row_of[before[current]]
        current = int(before[current])
    row_of[size] = -1


def _islands(rows: Ints, columns: Ints, shape: tuple[int, ...]) -> list[tuple[list[int], list[int]]]:
    """Rows and columns connected by entries above 0."""
    parent = list(range(shape[0] + shape[1]))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        parent[root(row)] = root(shape[0] + column)
    members: dict[int, tuple[list[int], list[int]]] = {}
    for row in sorted(set(rows.tolist())):
        members.setdefault(root(row), ([], []))[0].append(row)
    for column in sorted(set(columns.tolist())):
        members.setdefault(root(shape[0] + column), ([], []))[1].append(column)
    return list(members.values())


def _solved(gain: Floats, rows: Sequence[int], columns: Sequence[int]) -> list[tuple[int, int]]:
    if len(rows) == 1 or len(columns) == 1:
        block = gain[np.ix_(rows, columns)]
        row, column = divmod(int(block.argmax()), len(columns))
        return [(rows[row], columns[column])]
    size = max(len(rows), len(columns))
    cost = np.zeros((size, size))
    cost[: len(rows), : len(columns)] = -np.maximum(gain[np.ix_(rows, columns)], 0.0)
    chosen = least_cost(cost)
    return [
        (row, columns[chosen[i]])
        for i, row in enumerate(rows)
        if chosen[i] < len(columns) and gain[row, columns[chosen[i]]] > 0
    ]
