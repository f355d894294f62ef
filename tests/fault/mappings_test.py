"""naru mappings against engines that the lab has not: with lifecycle management, of old dialects, with keys that may do
little. The real naru, a scripted engine.

    mappings_test.py NARU
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "fakes"))
from managed_engine import Dialect, ManagedEngine  # noqa: E402

NARU = sys.argv.pop(1)
LIFECYCLE = {"read_only_after": "2d", "force_merge_after": "30d", "delete_after": "365d"}


class Mappings(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name) / "bars.json"
        self.dataset = json.loads((ROOT / "mappings" / "marcap.json").read_text())
        self.dataset.update(name="bars", index="bars")
        self.dataset["elasticsearch"]["lifecycle"] = dict(LIFECYCLE)

    def tearDown(self):
        self.folder.cleanup()

    def naru(self, engine, action, *options):
        self.path.write_text(json.dumps(self.dataset))
        done = subprocess.run([NARU, "mappings", action, str(self.path), "--set", f"elasticsearch.hosts={engine.url}", *options],
                              capture_output=True, text=True, timeout=60, env={"PATH": os.environ["PATH"]})
        return done.returncode, done.stdout + done.stderr

    def expect(self, engine, action, code, *texts, options=()):
        got, said = self.naru(engine, action, *options)
        self.assertEqual(got, code, said)
        for text in texts:
            self.assertIn(text, said)

    def the_first_time(self, engine):
        self.expect(engine, "plan", 3)
        self.expect(engine, "apply", 0, "created")
        self.expect(engine, "plan", 0, "nothing to do")
        self.expect(engine, "check", 0, "no drift")

    def test_ilm_gets_a_policy_and_the_template_names_it(self):
        with ManagedEngine(Dialect("8.19.21", lifecycle="ilm")) as engine:
            self.the_first_time(engine)
            self.assertLess(engine.asked.index("PUT /_ilm/policy/naru-bars"),
                            engine.asked.index("PUT /_index_template/naru-bars?create=true"))
            phases = engine.policies["naru-bars"]["phases"]
            self.assertEqual(phases["warm"]["min_age"], "30d")
            self.assertEqual(phases["delete"]["min_age"], "365d")
            self.assertEqual(engine.policies["naru-bars"]["_meta"], {"managed_by": "naru", "dataset": "bars"})
            template = engine.templates["naru-bars"]["template"]["settings"]
            self.assertEqual(template["index.lifecycle.name"], "naru-bars")
            self.assertEqual(engine.indices["bars-v1"]["settings"]["index.lifecycle.name"], "naru-bars")

    def test_a_changed_policy_is_drift_and_put_back(self):
        with ManagedEngine(Dialect("8.19.21", lifecycle="ilm")) as engine:
            self.the_first_time(engine)
            engine.policies["naru-bars"]["phases"]["delete"]["min_age"] = "1d"
            self.expect(engine, "check", 1, "lifecycle naru-bars", "the policy says something else")
            self.expect(engine, "apply", 0, "lifecycle policy naru-bars updated")
            self.assertEqual(engine.policies["naru-bars"]["phases"]["delete"]["min_age"], "365d")
            engine.indices["bars-v1"]["settings"]["index.lifecycle.name"] = "theirs"
            self.expect(engine, "check", 1, "settings.index.lifecycle.name: theirs -> naru-bars")

    def test_a_policy_of_another_owner_stays_as_it_is(self):
        with ManagedEngine(Dialect("8.19.21", lifecycle="ilm")) as engine:
            engine.policies["naru-bars"] = {"phases": {"hot": {"actions": {}}}, "_meta": {"team": "ops"}}
            self.expect(engine, "plan", 1, "forbidden", "lifecycle naru-bars")
            self.expect(engine, "apply", 1, "was not made by naru")
            self.assertEqual(engine.asked, [])

    def test_before_policies_had_notes_the_template_vouches_for_ours(self):
        with ManagedEngine(Dialect("7.12.0", lifecycle="ilm")) as engine:
            self.the_first_time(engine)
            self.assertNotIn("_meta", engine.policies["naru-bars"])
            del engine.templates["naru-bars"]
            self.expect(engine, "plan", 1, "forbidden", "lifecycle naru-bars")

    def test_ism_gets_states_and_standing_indices_follow(self):
        with ManagedEngine(Dialect("2.19.4", "opensearch", "ism")) as engine:
            lifecycle = self.dataset["elasticsearch"].pop("lifecycle")
            self.expect(engine, "apply", 0)
            self.dataset["elasticsearch"]["lifecycle"] = lifecycle
            self.expect(engine, "plan", 3, "the index does not follow it yet")
            self.expect(engine, "apply", 0, "lifecycle policy naru-bars created", "index bars-v1 lifecycle updated")
            self.assertEqual(engine.followed, {"bars-v1": "naru-bars"})
            self.expect(engine, "check", 0)
            states = engine.policies["naru-bars"][1]["states"]
            self.assertEqual([s["name"] for s in states], ["hot", "read_only", "merged", "delete"])
            lifecycle["delete_after"] = "400d"
            self.expect(engine, "apply", 0, "lifecycle policy naru-bars updated")
            self.assertIn("PUT /_plugins/_ism/policies/naru-bars?if_seq_no=0&if_primary_term=1", engine.asked)

    def test_without_lifecycle_management_a_notice_says_so(self):
        with ManagedEngine(Dialect("8.19.21")) as engine:
            self.expect(engine, "plan", 3, "note", "this engine has neither ILM nor ISM")
            self.expect(engine, "apply", 0)
            self.expect(engine, "check", 0)

    def test_old_dialects(self):
        for number in ("6.8.23", "7.7.1", "7.8.1"):
            with self.subTest(number), ManagedEngine(Dialect(number, simulates=False)) as engine:
                self.the_first_time(engine)
                api = "_index_template" if number == "7.8.1" else "_template"
                self.assertIn(f"PUT /{api}/naru-bars?create=true" + ("&include_type_name=false" if number[0] == "6" else ""),
                              engine.asked)

    def test_a_key_that_may_not_ask_for_the_version(self):
        with ManagedEngine(Dialect("8.19.21", hides_root=True)) as engine:
            self.expect(engine, "plan", 3, "on Elasticsearch (7.14 or later)")
            self.expect(engine, "apply", 0)
            self.expect(engine, "check", 0)
        with ManagedEngine(Dialect("7.10.2", hides_root=True)) as engine:
            self.expect(engine, "plan", 1, "give our user the cluster privilege monitor")

    def test_what_we_may_not_read_is_said(self):
        with ManagedEngine(Dialect("8.19.21")) as engine:
            engine.refuses = "/_index_template"
            self.expect(engine, "plan", 1, "GET /_index_template: 403 security_exception")

    def test_korean_search_takes_nori_where_it_is(self):
        with ManagedEngine(Dialect("8.19.21")) as engine:
            self.expect(engine, "apply", 0)
            mapping = engine.indices["bars-v1"]["mappings"]
            self.assertEqual(mapping["properties"]["Name"]["fields"]["ko"]["analyzer"], "nori")
            self.assertEqual(mapping["_meta"]["korean_analyzer"], "nori")


if __name__ == "__main__":
    unittest.main()
