"""The prover itself: it passes a program that is right, and each fault of a program fails it."""

import os
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
FEW = ["book-author", "book-author-id", "page-key", "admin-text"]


def proved(fault, only=FEW):
    command = [sys.executable, "-B", str(HERE / "prove.py"), "--arrears", str(HERE / "fake_arrears.py")]
    command += [word for name in only for word in ("--only", name)]
    environment = {**os.environ, "FAKE": fault, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    return done.returncode, done.stdout + done.stderr


class Prover(unittest.TestCase):
    maxDiff = None

    def fails(self, fault, words, closing, only=FEW):
        status, said = proved(fault, only)
        self.assertEqual(status, 1, said)
        self.assertIn(words, said)
        self.assertIn(closing, said)

    def test_a_program_that_says_what_is_true_passes_whole(self):
        status, said = proved("", only=[])
        self.assertEqual(status, 0, said)
        self.assertIn(" passed, 0 failed", said)

    def test_a_fix_is_counted(self):
        _, said = proved("")
        self.assertIn("fixed: 1 -> 1 queries", said)
        self.assertIn("4 passed, 0 failed", said)

    def test_a_report_without_a_fix_passes(self):
        status, said = proved("no-fix")
        self.assertEqual(status, 0, said)
        self.assertNotIn("fixed:", said)

    def test_a_missed_case_fails(self):
        self.fails("miss", "not reported at shop/views/pages.py:12", "1 passed, 3 failed")

    def test_a_report_far_from_the_marker_fails(self):
        self.fails("far", "not reported at", "1 passed, 3 failed")

    def test_a_report_of_a_look_alike_fails(self):
        self.fails("accuse", "reported: shop/reports/keys.py", "3 passed, 1 failed")

    def test_another_way_than_expected_fails(self):
        self.fails("wrong-way", "as queries/n-plus-one template author", "1 passed, 3 failed")

    def test_a_report_of_another_relation_fails(self):
        self.fails("extra", "reported as well:", "1 passed, 3 failed")

    def test_two_reports_of_one_relation_fail(self):
        self.fails("twice", "reported more than once:", "1 passed, 3 failed")

    def test_a_fix_that_does_not_help_fails(self):
        self.fails("idle-fix", "it grows after its fix", "3 passed, 1 failed")

    def test_a_fix_that_changes_the_answer_fails(self):
        self.fails("changing-fix", "the fixes changed what it answers", "3 passed, 1 failed")

    def test_a_fix_that_breaks_the_code_fails(self):
        self.fails("breaking-fix", "after the fixes: ", "2 passed, 2 failed")

    def test_a_report_that_speaks_of_no_case_fails(self):
        self.fails("stray", "no case is there: shop/letters.py:5", " passed, 1 failed", only=[])

    def test_a_program_that_crashes_fails(self):
        status, said = proved("crash")
        self.assertEqual(status, 1, said)
        self.assertIn("ended with 101", said)
        self.assertIn("0 passed, 1 failed", said)


if __name__ == "__main__":
    unittest.main()
