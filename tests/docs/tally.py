"""Checks, counted; the line at the end is read by CI."""


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, problem):
        """problem: None, or what is wrong."""
        if problem is None:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {what}")
            print("\n".join("    " + line for line in str(problem).split("\n")[-25:]), flush=True)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed, 0 skipped")
        return self.failed == 0 and self.passed > 0
