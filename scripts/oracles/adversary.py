"""Works out of what a long adversary was told, with HiGHS, between what and what every small count lies.

Each file of the folder holds what one role learnt: sums over kinds of records that lie between two numbers, from the lists
alone (`listing`) and from everything (`known`), with the small counts looked at (`targets`) and the records that look alike
(`groups`). A count is pinned where everything leaves one value and the lists alone leave more; a record is recovered where
everything says that none or all of those that look like it are of one sort.
"""

import json
import math
import pathlib
import sys

import highspy
import numpy as np

MANY = 100_000


class Model:
    """The records of each kind, under what is known of their sums."""

    def __init__(self, kinds, facts):
        self.kinds = kinds
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        none = {kind for places, _, most in facts if most == 0 for kind in places}
        for kind in range(kinds):
            self.solver.addVar(0.0, 0.0 if kind in none else float(MANY))
        for places, least, most in facts:
            left = [kind for kind in places if kind not in none]
            if left and (least > 0 or most < MANY):
                upper = float(most) if most < MANY else highspy.kHighsInf
                self.solver.addRow(float(least), upper, len(left), np.array(left, dtype=np.int32), np.ones(len(left)))

    def bound(self, target, sense):
        cost = np.zeros(self.kinds)
        cost[target] = 1.0
        self.solver.changeColsCost(self.kinds, np.arange(self.kinds, dtype=np.int32), cost)
        self.solver.changeObjectiveSense(sense)
        self.solver.run()
        assert self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal, self.solver.getModelStatus()
        return self.solver.getInfo().objective_function_value

    def range(self, target):
        least = self.bound(target, highspy.ObjSense.kMinimize)
        most = self.bound(target, highspy.ObjSense.kMaximize)
        return math.ceil(least - 1e-6), math.floor(most + 1e-6)


def main():
    questions = facts = pinned = recovered = 0
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        known, listing = (Model(told["kinds"], told[name]) for name in ("known", "listing"))
        found = []
        for name, target in told["targets"]:
            low, high = known.range(target)
            if low == high and listing.range(target) != (low, high):
                found.append(f"{name} is {low}")
        pinned += len(found)
        for count, ill in told["groups"]:
            low, high = known.range(ill)
            if low == high and low in (0, count) and listing.range(ill) != (low, high):
                found.append(f"{count} listed alike, {low} of them of one sort")
                recovered += 1
        recovered += len(told["recovered"])
        questions, facts = questions + told["asked"], facts + len(told["known"])
        print(f"{path.stem}: {told['asked']} questions, {len(told['known'])} facts, {len(told['targets'])} counts", flush=True)
        for line in found + told["recovered"]:
            print(f"    {line}")
    print(f"questions {questions}, facts {facts}, pinned {pinned}, recovered {recovered}")
    sys.exit(pinned > 0 or recovered > 0 or questions == 0)


if __name__ == "__main__":
    main()
