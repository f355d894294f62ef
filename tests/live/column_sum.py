"""The exact sum of a whole-number column over marcap files, plain or .gz: column_sum.py COLUMN FILE..."""

import csv
import gzip
import sys
from decimal import Decimal

total = Decimal(0)
for path in sys.argv[2:]:
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            total += Decimal(row[sys.argv[1]] or 0)
print(int(total))
