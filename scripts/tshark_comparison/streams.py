"""What each of the two says of a capture's TCP packets and streams."""

import array
import collections
import functools
import json

from .programs import Tshark


SYN, RST, ACK = 0x02, 0x04, 0x10

Segment = collections.namedtuple(
    "Segment",
    "frame time path layers stream source destination flags sequence acknowledgment length "
    "completeness irtt mss scale sack timestamp cut")


def endpoint(address, port):
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def segment_of(cells):
    """The last TCP layer of a frame that no ICMP error quotes; None when there is none."""
    value = dict(zip(Tshark.FIELDS, cells))
    many = {name: [x for x in text.split(",") if x] for name, text in value.items()}
    left = {name: iter(many[name]) for name in ("ip.src", "ip.dst", "ipv6.src", "ipv6.dst")}
    path = value["frame.protocols"].split(":")
    source = destination = "?"
    place, layers, found = 0, 0, None
    for position, name in enumerate(path):
        if name in ("ip", "ipv6"):
            layers += 1
            source = next(left[name + ".src"], "?")
            destination = next(left[name + ".dst"], "?")
        elif name in ("icmp", "icmpv6"):
            break
        elif name == "tcp":
            found = (place, source, destination, layers, position)
            place += 1
    if not found:
        return None
    place, source, destination, layers, position = found

    def at(name):
        return many[name][place] if place < len(many[name]) else ""

    def last(name):
        return many[name][-1] if many[name] else ""

    if not at("tcp.stream"):
        return None
    return Segment(
        int(value["frame.number"]), value["frame.time_epoch"], ":".join(path[: position + 1]),
        layers, int(at("tcp.stream")), endpoint(source, at("tcp.srcport")),
        endpoint(destination, at("tcp.dstport")), int(at("tcp.flags") or "0", 16),
        int(at("tcp.seq_raw") or 0), int(at("tcp.ack_raw") or 0), at("tcp.len"),
        at("tcp.completeness"), last("tcp.analysis.initial_rtt"), last("tcp.options.mss_val"),
        last("tcp.options.wscale.shift"), last("tcp.options.sack_perm"),
        last("tcp.options.timestamp.tsval"), value["_ws.short"] != "")


class Stream:
    """One of tshark's streams, put together from its packets."""

    def __init__(self, first):
        self.number, self.first, self.frames = first.stream, first, array.array("I")
        self.syn = self.answer = None
        self.syns = self.answers = 0
        self.numbers = {}
        self.acknowledged = False
        self.resets = set()
        self.irtt = self.completeness = ""
        # The first ACK of any end, and the first that acknowledges a SYN-ACK.
        self.first_ack = self.handshake_ack = None

    def take(self, segment):
        self.frames.append(segment.frame)
        self.completeness = segment.completeness or self.completeness
        self.irtt = self.irtt or segment.irtt
        kind = segment.flags & (SYN | ACK)
        if segment.flags & RST:
            self.resets.add(segment.source)
        if kind == SYN:
            self.syns += 1
            self.syn = self.syn or segment
        elif kind == SYN | ACK:
            self.answers += 1
            self.answer = self.answer or segment
            if not self.acknowledged:
                self.numbers.setdefault(segment.source, []).append(segment.sequence)
        elif kind == ACK:
            self.first_ack = self.first_ack or segment.frame
            if not segment.flags & RST and not self.acknowledged:
                self._take_acknowledgment(segment)

    def _take_acknowledgment(self, segment):
        """Up to 2^30 beyond the number of any SYN-ACK of the other end."""
        self.acknowledged = any(
            (segment.acknowledgment - number - 1) % 2**32 < 2**30
            for number in self.numbers.get(segment.destination, ()))
        if self.acknowledged:
            self.handshake_ack = segment.frame

    def row(self):
        """The columns, as text."""
        if self.syn:
            client, server = self.syn.source, self.syn.destination
        elif self.answer:
            client, server = self.answer.destination, self.answer.source
        else:
            client, server = self.first.source, self.first.destination
        resets = "".join(
            letter for letter, end in (("c", client), ("s", server)) if end in self.resets)

        def offered(packet, name):
            return (getattr(packet, name) or "-") if packet else "-"

        def has(packet, name):
            return str(int(getattr(packet, name) != "")) if packet else "-"

        cells = [
            self.number, client, server, int(self.syns > 0), int(self.answers > 0),
            int(self.acknowledged), self.irtt or "-"]
        for name, show in (("mss", offered), ("scale", offered), ("sack", has), ("timestamp", has)):
            cells += [show(self.syn, name), show(self.answer, name)]
        cells += [self.syns, self.answers, resets or "-", self.completeness or "-"]
        return [str(cell) for cell in cells]


class Reading:
    """What tshark reads of one capture."""

    def __init__(self, answer):
        self.status, self.complaint, self._answer = answer.status, answer.complaint, answer
        streams = {}
        for segment in self._segments():
            if segment.stream not in streams:
                streams[segment.stream] = Stream(segment)
            streams[segment.stream].take(segment)
        self.streams = list(streams.values())

    def _segments(self):
        return filter(None, map(segment_of, self._answer))

    @functools.cached_property
    def segments(self):
        """The TCP packets by their frames' numbers."""
        return {segment.frame: segment for segment in self._segments()}

    @functools.cached_property
    def quoting(self):
        """The frames in which an ICMP error quotes a TCP header."""
        return [
            int(cells[0]) for cells in self._answer
            if {"icmp", "icmpv6"} & set(cells[2].split(":"))]


def reading_by_tshark(tshark, path, disabled=None):
    return Reading(tshark.ask(path, Tshark.FIELDS, "tcp", disabled))


Told = collections.namedtuple("Told", "segments frames left_out")


def rows_of(text):
    """A table's rows; equal cells are the same, of which a flood has millions."""
    known = {}
    return [
        [known.setdefault(cell, cell) for cell in line.split("\t")]
        for line in text.splitlines() if not line.startswith("#")]


def packets_by_halfopen(halfopen, path):
    """Every frame that halfopen takes for TCP, and what it says it left out."""
    _, output, _ = halfopen.annotate(path, "jsonl")
    segments, frames, left_out = {}, 0, {}
    for line in output.splitlines():
        record = json.loads(line)
        if record["record"] == "packet":
            segments[record["frame"]] = (
                record["source"], record["destination"], record["sequence"], record["time_ns"])
        elif record["record"] == "capture":
            frames, left_out = record["frames"], record["left_out"]
    return Told(segments, frames, left_out)


def nanoseconds(text):
    """A decimal number of seconds, without floating point."""
    whole, _, fraction = text.partition(".")
    amount = abs(int(whole or 0)) * 10**9 + int((fraction + "0" * 9)[:9])
    return -amount if whole.startswith("-") else amount
