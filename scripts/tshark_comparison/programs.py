"""The programs that are asked, and what they print."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile


class Broken(Exception):
    """A program that broke off or took too long."""


def run(arguments, timeout, environment=None, stdout=None):
    """Runs a program to its end, for at most `timeout` seconds."""
    with open(os.devnull) as nothing:
        process = subprocess.Popen(
            arguments, stdin=nothing, stdout=stdout or subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment)
        try:
            output, errors = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise Broken(f"{os.path.basename(arguments[0])} took more than {timeout:g} s")
    if process.returncode < 0:
        name = signal.Signals(-process.returncode).name
        raise Broken(f"{os.path.basename(arguments[0])} died of {name}")
    return process.returncode, output, errors.decode("utf-8", "replace")


class Answer:
    """What tshark printed, on disk: its exit status, its complaint, and a list of cells a frame."""

    def __init__(self, file):
        self._file = file
        file.seek(0)
        self.status, self.complaint = json.loads(file.readline())
        self._start = file.tell()

    def __iter__(self):
        self._file.seek(self._start)
        for line in self._file:
            yield line.decode("latin-1").rstrip("\n").split("\t")


class Tshark:
    """tshark with the same settings on every machine: none of the user's."""

    FIELDS = (
        "frame.number frame.time_epoch frame.protocols ip.src ip.dst ipv6.src ipv6.dst "
        "tcp.srcport tcp.dstport tcp.stream tcp.completeness tcp.analysis.initial_rtt tcp.flags "
        "tcp.seq_raw tcp.ack_raw tcp.len tcp.options.mss_val tcp.options.wscale.shift "
        "tcp.options.sack_perm tcp.options.timestamp.tsval _ws.short"
    ).split()

    SETTINGS = (
        "tcp.desegment_tcp_streams:FALSE", "tcp.check_checksum:FALSE",
        "tcp.analyze_sequence_numbers:TRUE", "tcp.relative_sequence_numbers:FALSE",
    )

    # What tables of TCP name too, but what carries IP elsewhere, or is TCP's own ground.
    CARRIERS = frozenset(
        "capwap chdlc data eth fr geneve gre gtp hopopt ip ipv6 l2tp llc malformed mpls ppp "
        "pppoes radiotap tcp teredo udp vxlan wlan".split())

    def __init__(self, program, timeout, room, cache):
        self.program, self.timeout, self.room, self.cache = program, timeout, room, cache
        settings = os.path.join(room, "wireshark")
        os.makedirs(settings, exist_ok=True)
        self.environment = dict(
            os.environ, WIRESHARK_CONFIG_DIR=settings, HOME=room, TZ="UTC", LC_ALL="C")
        _, output, _ = run([program, "-v"], timeout, self.environment)
        found = re.search(rb"(\d+)\.(\d+)\.(\d+)", output)
        if not found:
            raise Broken(f"{program} does not tell its version")
        self.version = tuple(int(part) for part in found.groups())
        self.above = self._dissectors_above_tcp()

    def _dissectors_above_tcp(self):
        names = set()
        glossaries = ("decodes", "tcp.port", 2), ("heuristic-decodes", "tcp", 1)
        for glossary, table, column in glossaries:
            _, output, _ = run([self.program, "-G", glossary], self.timeout, self.environment)
            for line in output.decode("utf-8", "replace").splitlines():
                cells = line.split("\t")
                if len(cells) > column and cells[0] == table:
                    names.add(cells[column])
        return sorted(names - self.CARRIERS)

    def ask(self, path, fields, condition, disabled=None):
        """What tshark prints of the frames that meet a condition."""
        arguments = [self.program, "-n", "-2", "-r", path]
        for name in self.above if disabled is None else disabled:
            arguments += ["--disable-protocol", name]
        for setting in self.SETTINGS:
            arguments += ["-o", setting]
        arguments += ["-Y", condition, "-T", "fields", "-E", "separator=/t"]
        arguments += ["-E", "occurrence=a", "-E", "aggregator=,"]
        for field in fields:
            arguments += ["-e", field]
        kept = self._place(path, arguments)
        if kept and os.path.exists(kept):
            return Answer(open(kept, "rb"))
        file = open(kept + ".new", "w+b") if kept else tempfile.TemporaryFile(dir=self.room)
        with tempfile.TemporaryFile(dir=self.room) as lines:
            status, _, errors = run(arguments, self.timeout, self.environment, lines)
            complaint = " ".join(
                line.strip().replace(path, "FILE") for line in errors.splitlines()
                if line.strip() and "Running as user" not in line)
            file.write(json.dumps([status, complaint]).encode() + b"\n")
            lines.seek(0)
            shutil.copyfileobj(lines, file)
        file.flush()
        if kept:
            os.replace(kept + ".new", kept)
        return Answer(file)

    def _place(self, path, arguments):
        if not self.cache:
            return None
        digest = hashlib.sha256(repr((self.version, arguments[1:4], arguments[5:])).encode())
        with open(path, "rb") as file:
            for piece in iter(lambda: file.read(1 << 20), b""):
                digest.update(piece)
        return os.path.join(self.cache, digest.hexdigest())


class Halfopen:
    """The program under comparison."""

    def __init__(self, program, timeout):
        self.program, self.timeout = program, timeout

    def annotate(self, path, form):
        """Exit status, output, complaint."""
        patience = self.timeout + os.path.getsize(path) / 5e6
        status, output, errors = run([self.program, "annotate", "--format", form, path], patience)
        if status not in (0, 3):
            raise Broken(f"halfopen ended with {status}: {errors.strip()[:200]}")
        complaint = " ".join(errors.split()).replace(path, "FILE")
        return status, output.decode("utf-8", "replace"), complaint
