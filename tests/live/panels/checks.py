"""Checks counted and said as the shell tests do it."""
import math


class Checks:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def rows(self, what, got, want):
        """Both lists of tuples agree in order and number, numbers within rounding of a double; none is empty."""
        self.true(what, *compare(got, want))

    def true(self, what, holds, why=""):
        if holds:
            self.passed += 1
            print(f"passed: {what}{f' ({why})' if why else ''}")
        else:
            self.failed += 1
            print(f"FAILED: {what}\n    {why}")

    def skip(self, count, what, why):
        self.skipped += count
        print(f"skipped: {count} checks, {what}: {why}")

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed or not self.passed else 0


def compare(got, want):
    if not want:
        return False, "nothing was expected: the sample does not fit"
    for at, (g, w) in enumerate(zip(got, want)):
        if len(g) != len(w) or not all(map(same, g, w)):
            return False, f"row {at} of {len(want)}: got {g}, wanted {w}"
    if len(got) != len(want):
        return False, f"got {len(got)} rows, wanted {len(want)}"
    return True, f"{len(want)} rows"


def same(got, want):
    if isinstance(got, float) or isinstance(want, float):
        if got is None or want is None:
            return got is want
        return math.isclose(got, want, rel_tol=1e-11, abs_tol=1e-9)
    return got == want
