#!/usr/bin/env python3
"""Compares a run of `gradcam evaluate faithfulness` with the reference of faithfulness.py.

    python3 compare.py reference.json RUN_FOLDER

Prints every method's average drop and increase by both, the largest differences of single pictures, and every pair's wins; where both have them also the
mean areas of insertion and deletion. Exits with 1 where a drop or an increase differs by more than 1.0 point, wins by more than 3, or a mean area by more
than 0.001. Needs Python alone.
"""

import csv
import itertools
import json
import pathlib
import sys

TOLERANCE, WIN_TOLERANCE, AREA_TOLERANCE, ROUNDING = 1.0, 3.0, 1e-3, 1e-5


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    reference = json.loads(pathlib.Path(sys.argv[1]).read_text())
    folder = pathlib.Path(sys.argv[2])
    ours = json.loads((folder / "summary.json").read_text())
    worst = 0.0
    print(f"{'':20} {'average drop':^27}   {'increase':^27}")
    print(f"{'method':20} {'ours':>8} {'reference':>10} {'diff':>7}   {'ours':>8} {'reference':>10} {'diff':>7}")
    shared = [m for m in ours["methods"] if m in reference["methods"]]
    for m in shared:
        line = f"{m:20}"
        for figure in ("average_drop", "increase"):
            a, b = ours["methods"][m][figure], reference["methods"][m][figure]
            worst = max(worst, abs(a - b))
            line += f" {a:8.2f} {b:10.2f} {a - b:7.2f}  "
        print(line)

    rows = {r["picture"]: r for r in reference["rows"]}
    classes, largest, own, areas = 0, {}, {}, {}
    with (folder / "records.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            expected = rows.get(row["picture"])
            if not row["masked"] or expected is None or row["method"] not in expected["masked"]:
                continue
            own.setdefault(row["picture"], {})[row["method"]] = float(row["masked"])
            for metric, area in expected.get("areas", {}).get(row["method"], {}).items():
                if row.get(metric):
                    areas.setdefault((metric, row["method"]), []).append((float(row[metric]), area))
            classes += int(row["class"]) != expected["class"] and row["method"] == shared[0]
            for column, value in (("probability", expected["probability"]), ("masked", expected["masked"][row["method"]])):
                key = (column, row["method"])
                difference = abs(float(row[column]) - value)
                if difference >= largest.get(key, (0, ""))[0]:
                    largest[key] = (difference, row["picture"])
    print(f"pictures of another predicted class: {classes}")
    for (column, method), (difference, picture) in sorted(largest.items()):
        if column == "masked":
            print(f"largest difference of O, {method:20} {difference:.2e}  {picture}")
    difference, picture = max(value for (column, _), value in largest.items() if column == "probability")
    print(f"largest difference of Y  {'':20} {difference:.2e}  {picture}")

    # Methods that are the same map by mathematics differ by rounding alone: below ROUNDING a difference is a tie, on both sides.
    def wins(masked, a, b):
        differences = [m[a] - m[b] for m in masked]
        return [100 / len(differences) * sum(sign * d > ROUNDING for d in differences) for sign in (1, -1)]

    pairs = {(a, b): (wins(own.values(), a, b), wins([r["masked"] for r in reference["rows"]], a, b)) for a, b in itertools.combinations(shared, 2)}
    worst_win = 0.0
    print("\nwins where a difference below", ROUNDING, "is a tie: ours, the reference's")
    for (a, b), (mine, theirs) in pairs.items():
        difference = max(abs(x - y) for x, y in zip(mine, theirs))
        worst_win = max(worst_win, difference)
        print(f"{a:20} {mine[0]:6.2f} {theirs[0]:6.2f}   {b:20} {mine[1]:6.2f} {theirs[1]:6.2f}")

    worst_area = 0.0
    if areas:
        print(f"\n{'mean area':32} {'ours':>8} {'reference':>10} {'largest difference of a picture':>32}")
    for (metric, method), pairs_of_areas in areas.items():
        mine, theirs = (sum(side) / len(pairs_of_areas) for side in zip(*pairs_of_areas))
        worst_area = max(worst_area, abs(mine - theirs))
        print(f"{metric:10} {method:21} {mine:8.5f} {theirs:10.5f} {max(abs(a - b) for a, b in pairs_of_areas):32.1e}")

    good = bool(shared) and worst <= TOLERANCE and worst_win <= WIN_TOLERANCE and worst_area <= AREA_TOLERANCE and ours["pictures"] == reference["pictures"]
    print(f"\n{'agrees' if good else 'DIFFERS'}: {len(shared)} methods, drop and increase within {worst:.2f} points, wins within {worst_win:.2f}, {ours['pictures']} and {reference['pictures']} pictures")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
