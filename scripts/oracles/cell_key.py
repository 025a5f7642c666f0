"""What the cell-key method of the Office for National Statistics (PyPI `cell-key-perturbation`) gives for records and keys
of its own making and the noise of `reference/statistics_noise.csv`.

Writes two files: `records.csv`, one made-up accident a line with its record key, and `cells.csv`, the count of every cell
of some tables, empty where it is under the threshold. `tests/it/cell_key.rs` puts the same records into a hub and compares.
"""

import csv
import random
import sys
from pathlib import Path

import pandas
from cell_key_perturbation.create_perturbed_table import create_perturbed_table

ROOT = Path(__file__).resolve().parents[2]
KEYS = 256
THRESHOLD = 3
REGIONS = ["140602", "140603", "140621", "140622", "140623", "140681"]
INDUSTRIES = ["COAL_MINE", "CONSTRUCTION", "MACHINERY", "METALLURGY"]
TYPES = ["COLLAPSE", "OBJECT_STRIKE", "VEHICLE", "DROWNING"]
TABLES = [
    ["regionCode"],
    ["keyIndustry"],
    ["year"],
    ["regionCode", "year"],
    ["regionCode", "keyIndustry", "year"],
    ["regionCode", "keyIndustry", "year", "accidentType"],
]


def noise():
    """The perturbation table: for each count and cell key the noise, least first, never below a count of zero."""
    with open(ROOT / "reference/statistics_noise.csv", encoding="utf-8", newline="") as file:
        weights = sorted((int(row["noise"]), int(row["weight"])) for row in csv.DictReader(file))
    steps = [step for step, weight in weights for _ in range(weight)]
    assert len(steps) == KEYS, "the weights add up to the number of keys"
    rows = [(count, key, max(step, -count)) for count in range(1, 751) for key, step in enumerate(steps)]
    return pandas.DataFrame(rows, columns=["pcv", "ckey", "pvalue"])


def records(number, seed):
    """Made-up accidents: some regions and industries common, some rare, so that there are cells of every size."""
    dice = random.Random(seed)
    rows = []
    for index in range(number):
        rows.append(
            {
                "accidentNo": f"A{index:06}",
                "regionCode": dice.choices(REGIONS, [30, 20, 10, 5, 2, 1])[0],
                "keyIndustry": dice.choices(INDUSTRIES, [12, 6, 2, 1])[0],
                "year": dice.choices(["2021", "2022", "2023", "2024"], [4, 3, 2, 1])[0],
                "accidentType": dice.choices(TYPES, [8, 4, 2, 1])[0],
                "recordKey": dice.randrange(KEYS),
            }
        )
    # The method takes the largest key of the records for the number of keys.
    rows[0]["recordKey"] = KEYS - 1
    return pandas.DataFrame(rows)


def main():
    target, number, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    target.mkdir(parents=True, exist_ok=True)
    data, table = records(number, seed), noise()
    data.to_csv(target / "records.csv", index=False, lineterminator="\n")
    with open(target / "cells.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["dimensions", "values", "real", "told"])
        for dimensions in TABLES:
            made = create_perturbed_table(
                data=data, ptable=table, geog=[], tab_vars=dimensions, record_key="recordKey", threshold=THRESHOLD
            )
            for _, cell in made[made["pre_sdc_count"] > 0].sort_values(dimensions).iterrows():
                told = "" if pandas.isna(cell["count"]) else int(cell["count"])
                values = "|".join(cell[name] for name in dimensions)
                writer.writerow(["|".join(dimensions), values, int(cell["pre_sdc_count"]), told])


main()
