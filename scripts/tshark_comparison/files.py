"""One capture file: whether both read it, and what came of it."""

import gzip
import os
import re
import tempfile

from .causes import Investigation
from .differences import differences
from .programs import Broken, run
from .streams import reading_by_tshark, rows_of
from .verdicts import Verdicts


class Tools:
    """The programs, and a room for what they need for a moment."""

    def __init__(self, tshark, halfopen, editcap, timeout, room):
        self.tshark, self.halfopen, self.room = tshark, halfopen, room
        self._editcap, self._timeout = editcap, timeout

    def scratch(self):
        return Scratch(self.room)

    def editcap(self, arguments):
        status, _, errors = run([self._editcap, *arguments], self._timeout, self.tshark.environment)
        if status not in (0, 1, 2):
            raise Broken(f"editcap: {errors.strip()[:200]}")

    def says_damaged(self, path):
        status, _, complaint = self.halfopen.annotate(path, "tshark-tsv")
        return status == 3 and "damaged" in complaint


class Scratch:
    """The name of a file that is gone afterwards."""

    def __init__(self, room):
        self._room = room

    def __enter__(self):
        handle, self._name = tempfile.mkstemp(dir=self._room, suffix=".pcapng")
        os.close(handle)
        return self._name

    def __exit__(self, *_):
        os.unlink(self._name)


class Outcome:
    """What came of one file."""

    def __init__(self, path):
        self.path, self.streams, self.found, self.contradictions = path, 0, [], []
        # Why it was not compared, and whether that is agreement.
        self.aside, self.agrees = None, True

    def put_aside(self, why, agrees):
        self.aside, self.agrees = why, agrees
        return self

    @property
    def unexplained(self):
        return sum(d.cause is None for d in self.found) + (not self.agrees)


def compare(tools, path, table, wants_verdicts):
    """Compares what both say of one file; `table` stands for what halfopen says, if not None."""
    outcome = Outcome(path)
    try:
        reading = reading_by_tshark(tools.tshark, path)
        status, text, complaint = tools.halfopen.annotate(path, "tshark-tsv")
        if table is not None:
            text = table
        refused = not text.startswith("#") or "cannot be read as a capture" in complaint
        opened = reading.status == 0 or reading.streams or opens(tools, path)
        if not opened:
            return put_aside_unopened(outcome, reading, refused, complaint, len(rows_of(text)))
        if refused:
            return put_aside_refused(outcome, tools, reading, complaint)
        outcome.streams = len(reading.streams)
        outcome.found = differences(reading, rows_of(text))
        if outcome.found:
            Investigation(tools, path, reading, outcome.found, text).run()
        if wants_verdicts:
            outcome.contradictions = Verdicts(tools.halfopen, path, reading).contradictions()
    except Broken as problem:
        return outcome.put_aside(str(problem), False)
    return outcome


def without_name(complaint):
    """A complaint without what is another one for every file."""
    words = complaint.removeprefix("halfopen: ").rstrip(".")
    return re.sub(r": it begins with [0-9a-f ]+$", "", words)


def opens(tools, path):
    """Whether tshark reads any frame of a file that it complains about."""
    return any(True for _ in tools.tshark.ask(path, ["frame.number"], "frame"))


def put_aside_unopened(outcome, reading, refused, complaint, rows):
    reason = reading.complaint.split("tshark:")[-1].strip() or f"status {reading.status}"
    reason = reason.rstrip(".")
    if refused:
        return outcome.put_aside(
            f"neither reads it; tshark: {reason}; halfopen: {without_name(complaint)}", True)
    said = f"; halfopen: {without_name(complaint)}" if complaint else ""
    return outcome.put_aside(
        f"only halfopen reads it, {rows} streams; tshark: {reason}{said}", True)


def put_aside_refused(outcome, tools, reading, complaint):
    """halfopen refuses what tshark opens: right for a format that is no pcap and no pcapng."""
    with open(outcome.path, "rb") as file:
        start = file.read(4)
    if start[:2] == b"\x1f\x8b":
        with gzip.open(outcome.path) as file:
            start = file.read(4)
    is_ours, said = start in PCAP_STARTS, without_name(complaint)
    if is_ours and not reading.streams:
        return outcome.put_aside(f"only tshark opens it, no TCP in it; halfopen: {said}", True)
    return outcome.put_aside(f"only tshark reads it; halfopen: {said}", not is_ours)


PCAP_STARTS = {
    bytes.fromhex(text)
    for text in "a1b2c3d4 d4c3b2a1 a1b23c4d 4d3cb2a1 a1b2cd34 34cdb2a1 0a0d0d0a".split()
}


def files_under(paths):
    for path in paths:
        if os.path.isdir(path):
            for folder, folders, names in os.walk(path):
                folders.sort()
                for name in sorted(names):
                    file = os.path.join(folder, name)
                    if os.path.isfile(file) and os.path.getsize(file) > 0:
                        yield file
        else:
            yield path
