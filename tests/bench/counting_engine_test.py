"""Does the counting engine count, answer and refuse as it should, and does the
bare loop say what is wrong? Figures are not tested.

    counting_engine_test.py COUNTING_ENGINE FLOOR_LOOP
"""
import gzip
import http.client
import json
import subprocess
import sys
import unittest

ENGINE, FLOOR = sys.argv.pop(1), sys.argv.pop(1)
STATUS = "/bench/_bulk?filter_path=took,errors,items.*.status,items.*.error"


def body(ids, op="index", space=""):
    return "".join(f'{{"{op}":{{"_index":{space}"x","_id":{space}"{i}"}}}}\n'
                   f'{{"n":"{i}"}}\n' for i in ids).encode()


class CountingEngine(unittest.TestCase):
    def setUp(self):
        self.process = subprocess.Popen([ENGINE, "--ids", "10"],
                                        stdout=subprocess.PIPE, text=True)
        port = int(self.process.stdout.readline().split("=")[1])
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def tearDown(self):
        self.http.close()
        self.process.terminate()
        self.assertEqual(self.process.wait(10), 0)
        self.process.stdout.close()

    def ask(self, method, path, sent=None, **headers):
        self.http.request(method, path, sent, headers)
        answer = self.http.getresponse()
        text = answer.read().decode()
        return answer.status, json.loads(text) if text else None

    def bulk(self, sent, path=STATUS, **headers):
        return self.ask("POST", path, sent, **headers)

    def counts(self):
        return self.ask("GET", "/_counts")[1]

    def test_items_are_counted_and_answered_one_by_one(self):
        status, answer = self.bulk(body(range(5000)))
        self.assertEqual((status, answer["errors"]), (200, False))
        self.assertEqual(answer["items"], [{"index": {"status": 201}}] * 5000)
        counts = self.counts()
        self.assertEqual((counts["items"], counts["created"],
                          counts["duplicates"]), (5000, 5000, 0))
        self.assertLessEqual(counts["first_us"], counts["last_us"])

    def test_an_id_that_comes_again_is_a_duplicate(self):
        self.bulk(body([1, 2]))
        _, answer = self.bulk(body([2, 3], space=" "))
        self.assertEqual([i["index"]["status"] for i in answer["items"]],
                         [200, 201])
        counts = self.counts()
        self.assertEqual((counts["created"], counts["duplicates"]), (3, 1))

    def test_items_without_an_id_are_all_new(self):
        _, answer = self.bulk(b'{"index":{}}\n{"a":1}\n' * 3)
        self.assertEqual(len(answer["items"]), 3)
        self.assertEqual(self.counts()["duplicates"], 0)

    def test_a_delete_has_no_document(self):
        _, answer = self.bulk(b'{"delete":{"_id":"1"}}\n' + body([2]))
        self.assertEqual([list(i)[0] for i in answer["items"]],
                         ["delete", "index"])

    def test_answers_hold_what_filter_path_asks_for(self):
        _, full = self.bulk(body([1]), path="/_bulk")
        self.assertEqual(full["items"][0]["index"]["_id"], "1")
        _, least = self.bulk(body([2]),
                             path="/_bulk/?filter_path=errors,items.*.error")
        self.assertEqual(least, {"errors": False})

    def test_a_packed_body_is_unpacked(self):
        status, answer = self.bulk(gzip.compress(body(range(20000))),
                                   **{"Content-Encoding": "gzip"})
        self.assertEqual((status, len(answer["items"])), (200, 20000))

    def test_a_body_may_come_in_small_pieces(self):
        sent = body(range(50)) + b'{"index":{"_id":"big"}}\n{"v":"' + (
            b"x" * 1500000) + b'"}\n'
        self.http.putrequest("POST", STATUS)
        self.http.putheader("Content-Length", str(len(sent)))
        self.http.endheaders()
        for at in range(0, 3000, 7):
            self.http.send(sent[at:at + 7])
        self.http.send(sent[at + 7:])
        answer = json.loads(self.http.getresponse().read())
        self.assertEqual(len(answer["items"]), 51)
        self.assertEqual(self.counts()["created"], 51)

    def test_what_is_no_bulk_body_is_refused(self):
        for bad in (b"", b"hello\n", b'{"index":{}}\n',
                    b'{"index":{}}\n{"a":1}', b'{"index":{}}\nnothing\n'):
            self.assertEqual(self.bulk(bad)[0], 400, bad)

    def test_a_full_engine_refuses_requests(self):
        self.ask("POST", "/_limits?docs_per_s=1000&queue_docs=50")
        self.assertEqual(self.bulk(body(range(100)))[0], 200)  # waits 0.1 s
        self.http2 = http.client.HTTPConnection("127.0.0.1", self.http.port)
        self.ask("POST", "/_limits?docs_per_s=20&queue_docs=1")
        self.http2.request("POST", STATUS, body(range(10)))
        while self.counts()["items"] < 110:
            pass
        self.assertEqual(self.bulk(body([1]))[0], 429)
        self.ask("POST", "/_limits?docs_per_s=0")
        self.assertEqual(self.http2.getresponse().status, 200)
        self.http2.close()
        counts = self.counts()
        self.assertEqual((counts["refused_requests"], counts["items"],
                          counts["most_flying"], counts["flying"]),
                         (1, 110, 2, 0))

    def test_a_full_engine_refuses_items(self):
        self.ask("POST", "/_limits?docs_per_s=1000&queue_docs=5&refuse=items")
        status, answer = self.bulk(body(range(500)))
        taken = [i for i in answer["items"] if i["index"]["status"] == 201]
        self.assertEqual((status, answer["errors"]), (200, True))
        self.assertEqual(len(answer["items"]), 500)
        self.assertEqual(self.counts()["items"], len(taken))
        self.assertIn("error", answer["items"][-1]["index"])

    def test_reset_forgets_counts_and_ids(self):
        self.bulk(body([1]))
        self.ask("POST", "/_reset")
        self.assertEqual(self.counts()["items"], 0)
        self.bulk(body([1]))
        self.assertEqual(self.counts()["created"], 1)
        self.assertEqual(len(self.ask("GET", "/_arrivals")[1]), 1)

    def test_it_calls_itself_elasticsearch(self):
        _, root = self.ask("GET", "/")
        self.assertEqual(root["tagline"], "You Know, for Search")
        self.http.request("HEAD", "/bench")
        answer = self.http.getresponse()
        self.assertEqual((answer.status, answer.read()), (200, b""))


class FloorLoop(unittest.TestCase):
    def test_wrong_arguments_and_no_broker_are_told(self):
        self.assertEqual(subprocess.run([FLOOR], capture_output=True,
                                        check=False).returncode, 2)
        done = subprocess.run([FLOOR, "127.0.0.1:1", "t", "-", "nonsense=1"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("nonsense", done.stderr)


unittest.main()
