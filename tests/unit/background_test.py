#!/usr/bin/env python3
"""A replay on a terminal that is put into the background: it goes on, ends, and is ended by a signal, and is never stopped
for reading the terminal or setting it. Needs no brokers: background_test.py NARU"""

import os
import pty
import signal
import sys
import tempfile
import time

HEADER = "Code,Name,Market,Dept,Close,ChangeCode,Changes,ChagesRatio,Open,High,Low,Volume,Amount,Marcap,Stocks,MarketId,Rank,Date"
ROW = "{:06d},A,KOSPI,,1,1,0,0,1,1,1,1,1,1,1,STK,1,2022-01-03"
LIMIT_S = 60


def wait_for(condition):
    until = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > until:
            sys.exit("waited too long")
        time.sleep(0.05)


def lines(path):
    with open(path) as file:
        return sum(1 for _ in file)


def job(naru, csv, out, pace):
    """Run naru in a group of its own, in front, as a shell runs a job."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTTOU])
        fd = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(fd, 1)
        os.execv(naru, [naru, "replay", csv, "--dry-run", "--pace", pace])
    return child


def status_of(child):
    """How it ended; a stop ends the test."""
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        pid, status = os.waitpid(child, os.WNOHANG | os.WUNTRACED)
        if pid == child:
            if os.WIFSTOPPED(status):
                os.kill(child, signal.SIGKILL)
                return f"stopped by {signal.Signals(os.WSTOPSIG(status)).name}"
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    return "still running"


def behind(naru, csv, out, pace, rows_before, act):
    """In front until rows_before rows are out; then behind, a key typed, and act."""
    if os.path.exists(out):
        os.unlink(out)
    child = job(naru, csv, out, pace)
    wait_for(lambda: os.path.exists(out) and lines(out) >= rows_before)
    os.tcsetpgrp(0, os.getpgrp())
    act(child)
    return status_of(child)


def main_on_terminal(naru):
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])  # as a shell sets the terminal
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        csv, out = f"{folder}/rows.csv", f"{folder}/out"
        with open(csv, "w") as file:
            file.write("\n".join([HEADER, *(ROW.format(i) for i in range(60))]) + "\n")
        for what, act, wanted in (
            ("goes on and ends", lambda child: None, 0),
            ("is ended by a signal", lambda child: os.kill(child, signal.SIGTERM), 1),
        ):
            got = behind(naru, csv, out, "20/s", 5, act)
            failed += got != wanted
            print(f"{'passed' if got == wanted else 'FAILED'}: a replay in the background {what}: {got}\r", flush=True)
            if wanted == 0 and lines(out) != 60:
                print(f"FAILED: {lines(out)} rows of 60\r", flush=True)
                failed += 1
    sys.exit(1 if failed else 0)


def main():
    child, terminal = pty.fork()
    if child == 0:
        main_on_terminal(os.path.abspath(sys.argv[1]))
    os.write(terminal, b"typed ahead\n" * 3)
    try:
        while chunk := os.read(terminal, 4096):
            os.write(1, chunk)
    except OSError:
        pass
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


main()
