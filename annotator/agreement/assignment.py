"""The cheapest way to pair rows with columns, each used at most once; unpaired ones cost nothing.

Rows and columns that may gain from each other fall into small islands when positions are on a line;
each island is solved exactly by shortest augmenting paths (Jonker & Volgenant 1987).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from annotator.agreement.continua import Floats, Ints

Entries = Sequence[tuple[int, int, float]]


def best_pairs(gain: Floats) -> list[tuple[int, int]]:
    """Pairs (row, column) of greatest total gain; only entries above 0 are ever paired, rows ascending."""
    rows, columns = (axis.tolist() for axis in np.nonzero(gain > 0))
    return best_entries(list(zip(rows, columns, gain[rows, columns].tolist(), strict=True)))


def best_entries(entries: Entries) -> list[tuple[int, int]]:
    """The same from the entries (row, column, gain) alone, each once; those not above 0 are ignored."""
    useful = [entry for entry in entries if entry[2] > 0]
    in_row, in_column = Counter(e[0] for e in useful), Counter(e[1] for e in useful)
    pairs, crowded = [], []
    for row, column, worth in useful:
        if in_row[row] == in_column[column] == 1:
            pairs.append((row, column))
        else:
            crowded.append((row, column, worth))
    for island in _islands(crowded):
        pairs += _solved(island)
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


def _islands(entries: Entries) -> list[Entries]:
    """Entries that share rows or columns, directly or through others."""
    by_row: dict[int, list[int]] = {}
    by_column: dict[int, list[int]] = {}
    for number, (row, column, _) in enumerate(entries):
        by_row.setdefault(row, []).append(number)
        by_column.setdefault(column, []).append(number)
    left = set(range(len(entries)))
    found: list[Entries] = []
    while left:
        island, queue = [], [min(left)]
        left.remove(queue[0])
        while queue:
            number = queue.pop()
            island.append(number)
            row, column, _ = entries[number]
            near = [other for other in (*by_row[row], *by_column[column]) if other in left]
            left.difference_update(near)
            queue += dict.fromkeys(near)
        found.append([entries[number] for number in sorted(island)])
    return found


def _solved(entries: Entries) -> list[tuple[int, int]]:
    rows, columns = sorted({e[0] for e in entries}), sorted({e[1] for e in entries})
    if len(rows) == 1 or len(columns) == 1:
        row, column, _ = max(entries, key=lambda entry: (entry[2], -entry[0], -entry[1]))
        return [(row, column)]
    row_of, column_of = {r: i for i, r in enumerate(rows)}, {c: j for j, c in enumerate(columns)}
    size = max(len(rows), len(columns))
    cost = np.zeros((size, size))
    for row, column, worth in entries:
        cost[row_of[row], column_of[column]] = -worth
    chosen = least_cost(cost).tolist()
    return [
        (row, columns[chosen[i]])
        for i, row in enumerate(rows)
        if chosen[i] < len(columns) and cost[i, chosen[i]] < 0
    ]
