"""Audits suppressed tables with τ-argus, and compares how many cells are withheld with what another method withholds.

Each line of the input is a table region × industry × year with all sums: its shape, the counts of the finest parts, all
cells, and which are withheld. Every count under three has to stay possible from 0 to 3 for whoever knows the shown cells,
the sums and that no count is negative. The other method is a sequence of linear programs solved by HiGHS, one for each
small count and way, that pay for each further cell they change; it knows nothing of the hub.

A second argument is a file to which the tables that hold are written, with how many cells the other method withholds.
"""

import itertools
import json
import os
import sys
import tempfile

import numpy as np
from pytauargus._tauargus import audit_jj
from scipy.optimize import linprog

LEAST, MOST, MANY = 0, 3, 10_000


def sums_of(shape):
    """Along each side the cells that are the sum of others: (sum, parts)."""
    sizes = [size + 1 for size in shape]
    place = lambda at: (at[0] * sizes[1] + at[1]) * sizes[2] + at[2]
    for side in range(3):
        others = [range(size) if other != side else [None] for other, size in enumerate(sizes)]
        for at in itertools.product(*others):
            line = [place([own if own is not None else node for own in at]) for node in range(sizes[side])]
            yield line[-1], line[:-1]


def members(shape):
    """Which finest parts each cell is the sum of, as rows of a matrix."""
    sides = [[[leaf] for leaf in range(size)] + [list(range(size))] for size in shape]
    rows = []
    for nodes in itertools.product(*sides):
        row = np.zeros(shape[0] * shape[1] * shape[2])
        for at in itertools.product(*nodes):
            row[(at[0] * shape[1] + at[1]) * shape[2] + at[2]] = 1
        rows.append(row)
    return np.array(rows)


def too_narrow(path, table):
    """Small counts that are shown, or that τ-argus narrows to less than they have to be."""
    hidden = table["hidden"]
    with open(path, "w", encoding="ascii") as out:
        print(0, len(table["sums"]), sep="\n", file=out)
        for cell, count in enumerate(table["sums"]):
            low, high = (count - LEAST, MOST - count) if count < MOST else (0, 0)
            status = "s" if not hidden[cell] else "u" if count < MOST else "m"
            print(cell, f"{count}.0 1.0", status, f"0.0 {MANY}.0 {low}.0 {high}.0 0.0", file=out)
        lines = list(sums_of(table["shape"]))
        print(len(lines), file=out)
        for whole, parts in lines:
            print(f"0.0 {len(parts) + 1} :", f"{whole} (-1)", *[f"{part} (1)" for part in parts], file=out)
    shown = sum(not hidden[cell] for cell, count in enumerate(table["sums"]) if count < MOST)
    return shown + sum(row["min"] > LEAST + 1e-6 or row["max"] < MOST - 1e-6 for row in audit_jj(path) if row["status"] == "u")


def other(table):
    """Which cells the other method withholds."""
    counts, sums, part = table["counts"], np.array(table["sums"]), members(table["shape"])
    hidden = sums < MOST
    for cell in np.flatnonzero(hidden)[::-1]:
        for need in (MOST - sums[cell], LEAST - sums[cell]):
            if need == 0:
                continue
            shown = np.flatnonzero(~hidden)
            change, size = part[shown], np.eye(len(shown))
            goal = np.concatenate([part[cell], np.zeros(len(shown))])[None, :]
            answer = linprog(
                np.concatenate([np.zeros(len(counts)), np.ones(len(shown)) + np.minimum(sums[shown], 1000) * 1e-4]),
                A_ub=np.block([[change, -size], [-change, -size]]),
                b_ub=np.zeros(2 * len(shown)),
                A_eq=goal,
                b_eq=[need],
                bounds=[(-count, MANY) for count in counts] + [(0, None)] * len(shown),
                method="highs",
            )
            hidden |= np.abs(part @ answer.x[: len(counts)]) > 1e-7
    return int(hidden.sum())


def main():
    tables = narrow = own = others = 0
    audited = []
    with tempfile.TemporaryDirectory() as work, open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            table = json.loads(line)
            tables += 1
            wrong, table["other"] = too_narrow(os.path.join(work, "table.jj"), table), other(table)
            narrow, own, others = narrow + wrong, own + sum(table["hidden"]), others + table["other"]
            if wrong == 0:
                kept = {"shape": table["shape"], "counts": table["counts"], "hidden": np.flatnonzero(table["hidden"]).tolist()}
                audited.append({**kept, "other": table["other"]})
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="ascii") as out:
            out.writelines(json.dumps(table) + "\n" for table in audited)
    print(f"tables {tables}, intervals too narrow {narrow}, withheld {own}, by the other method {others}, ratio {own / others:.3f}")
    sys.exit(narrow > 0 or own > 1.2 * others)


if __name__ == "__main__":
    main()
