"""tshark's own figures, held against halfopen's verdicts."""

import collections
import json

from .report import counted
from .streams import ACK, SYN, nanoseconds
from .traps import TRAPS


Contradiction = collections.namedtuple("Contradiction", "trap what path stream theirs ours")


class Verdicts:
    """What tshark's figures say of one file's connections, and what halfopen's verdicts say."""

    ESTABLISHED = "established"
    CROSSED = ("established-simultaneous-open", "established-split-handshake")

    def __init__(self, halfopen, path, reading):
        self.path, self.reading, self.found = path, reading, []
        _, output, _ = halfopen.annotate(path, "jsonl")
        records = [json.loads(line) for line in output.splitlines()]
        packets = [record for record in records if record["record"] == "packet"]
        self.flows = [record for record in records if record["record"] == "flow"]
        self.corrupt = {r["frame"] for r in packets if r["checksum"].startswith("wrong")}

    def contradictions(self):
        streams = collections.defaultdict(list)
        for stream in self.reading.streams:
            flow = self._flow_of(stream)
            if flow:
                streams[flow["flow"]].append(stream)
        for flow in self.flows:
            mine = streams[flow["flow"]]
            if len(mine) > 1:
                self._cut(flow, mine)
            for stream in mine:
                self._ends(flow, stream)
                self._round_trip(flow, stream)
                self._completeness(flow, stream, len(mine) > 1)
        return self.found

    def _flow_of(self, stream):
        first = stream.first
        ends = {first.source, first.destination}
        flows = [flow for flow in self.flows if {flow["client"], flow["server"]} == ends]
        before = [flow for flow in flows if flow["first_frame"] <= first.frame]
        return max(before, key=lambda flow: flow["first_frame"]) if before else None

    def _add(self, number, what, stream, theirs, ours):
        self.found.append(
            Contradiction(number, what, self.path, stream.number, theirs, ours))

    def _cut(self, flow, streams):
        number = None
        if flow["verdict"] in self.CROSSED:
            number = 10
        elif any(stream.first.frame in self.corrupt for stream in streams):
            number = 20
        elif self._answers(streams) > 1:
            number = 8
        elif any(stream.resets for stream in streams[:-1]):
            number = 9
        self._add(
            number, "streams", streams[0], f"{len(streams)} streams",
            f"one connection, {flow['verdict']}")

    @staticmethod
    def _answers(streams):
        return sum(len(set(numbers)) for stream in streams for numbers in stream.numbers.values())

    def _ends(self, flow, stream):
        client = stream.row()[1]
        if client != flow["client"]:
            self._add(
                10 if flow["verdict"] in self.CROSSED else None, "client", stream,
                f"client {client}", f"client {flow['client']}")

    def _round_trip(self, flow, stream):
        theirs = nanoseconds(stream.irtt) if stream.irtt else None
        ours = flow["rtt_ns"]
        if theirs == ours or (None not in (theirs, ours) and abs(theirs - ours) <= 1_000):
            return
        if ours is None:
            number = 5 if stream.irtt else None
            said = f"none: {flow['verdict']}"
        else:
            said = f"{milliseconds(ours)}, {flow['verdict']}"
            if theirs is None:
                number = self._missing(flow, stream)
            elif stream.first_ack != stream.handshake_ack:
                number = 5
            elif flow["captured_twice"]:
                number = 7
            else:
                number = 6 if stream.syns > 1 else None
        self._add(
            number, "round trip", stream,
            f"round trip {milliseconds(theirs) if theirs is not None else 'none'}",
            f"round trip {said}")

    def _missing(self, flow, stream):
        if flow["verdict"] in self.CROSSED:
            return 10
        if any(self.reading.segments[frame].cut for frame in stream.frames):
            return 14
        if stream.first.frame in self.corrupt:
            return 20
        return 3 if stream.first.flags & (SYN | ACK) != SYN and stream.syn else None

    def _completeness(self, flow, stream, isCut):
        bits = int(stream.completeness or 0)
        whole = bits & 7 == 7
        established = flow["verdict"].startswith(self.ESTABLISHED)
        said = f"completeness {bits} ({letters(bits)})"
        if bits & 32 and established and not flow["reset_by"]:
            self._add(19, "reset", stream, said, f"{flow['verdict']}, not reset")
        if whole and not established:
            self._add(4, "complete", stream, said, flow["verdict"])
        elif established and not whole and stream.syn and not isCut:
            number = None
            if flow["verdict"] in self.CROSSED:
                number = 10
            elif not bits & 1:
                number = 3
            elif not bits & 4:
                number = 4
            self._add(number, "incomplete", stream, said, flow["verdict"])


def letters(bits):
    words = ("SYN", "SYN-ACK", "ACK", "data", "FIN", "RST")
    return ", ".join(word for place, word in enumerate(words) if bits >> place & 1) or "nothing"


def milliseconds(amount):
    return f"{amount / 1e6:.3f} ms"


def verdict_report(outcomes):
    kinds = collections.defaultdict(list)
    for outcome in outcomes:
        for one in outcome.contradictions:
            kinds[one.trap or 99, one.what].append(one)
    lines = ["tshark's figures against halfopen's verdicts:"]
    for (number, what), members in sorted(kinds.items()):
        name = f"trap {number}: {TRAPS[number]}" if number in TRAPS else "no known trap"
        lines += ["", f"  {name}", f"    {what}: {counted(len(members), 'stream')}"]
        for one in members[:4]:
            lines += [
                f"      {one.path}:{one.stream}", f"        tshark    {one.theirs}",
                f"        halfopen  {one.ours}"]
        if len(members) > 4:
            lines.append(f"      and {len(members) - 4:,} more")
    return "\n".join(lines) + "\n\n"
