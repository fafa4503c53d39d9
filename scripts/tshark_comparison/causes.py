"""Why two tables differ, by evidence from the streams themselves."""

import collections
import contextlib
import shutil

from .differences import differences
from .programs import Tshark
from .streams import ACK, RST, SYN, nanoseconds, packets_by_halfopen, reading_by_tshark, rows_of
from .traps import TRAPS


# What a difference is put down to: a trap's number or a word, in whose favour, and what was seen.
Cause = collections.namedtuple("Cause", "kind name truth")


def trap(number, truth):
    return Cause(f"trap {number}", TRAPS[number], truth)


class Investigation:
    """Looks for the causes of one file's differences."""

    # editcap takes 512 selections at a time.
    SELECTIONS = 500
    # So many frames are looked at one by one, which takes two runs each.
    ONE_BY_ONE = 200

    def __init__(self, tools, path, reading, found, text):
        """`text` is the table that `found` was found in: it need not be what halfopen prints now."""
        self.tools, self.path, self.reading, self.found = tools, path, reading, found
        self.text = text
        # What is odd about a frame, by its number.
        self.odd = {}

    def run(self):
        for difference in self.found:
            self._put_down_to_rounding(difference)
        if self._open() and self._is_damaged():
            with self._copy_without([]) as clean:
                self._put_down_to_damage(clean)
                self._go_on()
        else:
            self._go_on()

    def _go_on(self):
        if not self._open():
            return
        self.told = packets_by_halfopen(self.tools.halfopen, self.path)
        self._find_odd_frames()
        self._put_down_to_odd_frames()
        for test in (self._quoted, self._cut_options, self._other_stream, self._layers,
                     self._application):
            for difference in self._open():
                difference.cause = test(difference)

    def _open(self):
        return [difference for difference in self.found if difference.cause is None]

    def _put_down_to_rounding(self, difference):
        if difference.column == "irtt" and "-" not in (difference.theirs, difference.ours):
            if abs(float(difference.theirs) - float(difference.ours)) <= 1e-6:
                difference.cause = trap(15, "halfopen's, in whole nanoseconds")

    # ---- damage

    def _is_damaged(self):
        return self.reading.status != 0 or self.tools.says_damaged(self.path)

    def _put_down_to_damage(self, clean):
        """Of `clean`, which holds whole what tshark reads of the file, both must say the same."""
        told = packets_by_halfopen(self.tools.halfopen, self.path)
        reading, left = self._read(clean)
        if told.frames != self._last_frame():
            for difference in self._open():
                if difference.identity not in left:
                    difference.cause = Cause(
                        "damage",
                        "around it tshark and halfopen pass over different octets, and say so",
                        "tshark's, where the bytes mean it"
                        if told.frames < self._last_frame() else "halfopen's, behind the damage")
        # What has other causes is looked for where frames have the same numbers for both.
        self.path, self.reading = clean, reading
        _, self.text, _ = self.tools.halfopen.annotate(clean, "tshark-tsv")

    # ---- frames that only one reads

    def _find_odd_frames(self):
        theirs, ours = self.reading.segments, self.told.segments
        self._ask_about([frame for frame in theirs if frame not in ours])
        self._name_what_tshark_reads([frame for frame in ours if frame not in theirs])
        for frame in theirs.keys() & ours.keys():
            segment, (source, destination, sequence, time) = theirs[frame], ours[frame]
            if (segment.source, segment.destination) != (source, destination):
                if segment.layers > 1:
                    self.odd[frame] = trap(12, "halfopen's, of the innermost layer")
            elif segment.sequence == sequence and time is not None:
                shift = nanoseconds(segment.time) - time
                if shift and shift % 2**32 == 0:
                    self.odd[frame] = trap(18, "halfopen's, as the file has it")

    def _ask_about(self, frames):
        """Hears from halfopen what the frames are that only tshark reads, kind by kind."""
        kinds = collections.defaultdict(list)
        for frame in frames:
            kinds[self.reading.segments[frame].path].append(frame)
        for path, members in kinds.items():
            names, is_read = self._names_alone(members)
            if is_read:
                continue
            if not self._said_of_the_file(names):
                # What they are may hang on the frames before, as with fragments.
                names = self._names_in_context(members)
            if names and self._said_of_the_file(names):
                self._note(members, Cause(
                    "left out", f"{', '.join(sorted(names))}, which tshark reads as {path}",
                    "halfopen's: no receiver takes it" if list(names) == ["unreadable TCP header"]
                    else "tshark's, where the bytes mean it"))

    def _names_alone(self, frames):
        """What halfopen calls frames that are all it gets; whether it reads any as TCP then."""
        names, is_read = collections.Counter(), False
        for chunk in chunks(frames, self.SELECTIONS):
            with self.tools.scratch() as copy:
                self.tools.editcap(["-r", self.path, copy] + [str(frame) for frame in chunk])
                told = packets_by_halfopen(self.tools.halfopen, copy)
            names.update(told.left_out)
            is_read = is_read or bool(told.segments)
        return names, is_read

    def _names_in_context(self, frames):
        """What halfopen calls each of the frames behind those before it."""
        names = collections.Counter()
        for frame in frames[: self.ONE_BY_ONE]:
            before, after = self._left_out_up_to(frame - 1), self._left_out_up_to(frame)
            names.update({
                name: count - before.get(name, 0)
                for name, count in after.items() if count > before.get(name, 0)})
        return names if sum(names.values()) >= len(frames) else {}

    def _left_out_up_to(self, last):
        with self.tools.scratch() as copy:
            self.tools.editcap(["-r", self.path, copy, f"1-{last}"] if last else [self.path, copy])
            return packets_by_halfopen(self.tools.halfopen, copy).left_out if last else {}

    def _said_of_the_file(self, names):
        return all(self.told.left_out.get(name, 0) >= count for name, count in names.items())

    def _name_what_tshark_reads(self, frames):
        if not frames:
            return
        paths = {
            int(number): path for number, path in self.tools.tshark.ask(
                self.path, ["frame.number", "frame.protocols"], "frame")}
        for frame in frames:
            if paths.get(frame, "").split(":")[-1] == "data":
                # Not so "tcp": of a header that is cut halfopen guesses, but in no table.
                self.odd[frame] = Cause(
                    "read", f"frames that tshark leaves as {paths[frame]}", "halfopen's")

    def _note(self, frames, cause):
        for frame in frames:
            self.odd[frame] = cause

    def _put_down_to_odd_frames(self):
        if not self.odd:
            return
        left = self._differences_without(self._with_their_fragments(self.odd))
        causes = collections.defaultdict(list)
        for frame, cause in sorted(self.odd.items()):
            if frame in self.reading.segments:
                segment = self.reading.segments[frame]
                causes[frozenset((segment.source, segment.destination))].append(cause)
            if frame in self.told.segments:
                causes[frozenset(self.told.segments[frame][:2])].append(cause)
        first = self.odd[min(self.odd)]
        for difference in self._open():
            if difference.identity in left:
                continue
            own = causes.get(difference.key[0])
            if own:
                difference.cause = own[0]
            elif difference.column == "stream":
                difference.cause = first._replace(name=first.name + ": later numbers shift")

    def _with_their_fragments(self, frames):
        """The frames, and of packets that were joined every other fragment."""
        lines = self.tools.tshark.ask(
            self.path, ["frame.number", "ip.fragment", "ipv6.fragment"],
            "ip.fragment || ipv6.fragment")
        members = set(frames)
        for number, *parts in lines:
            if int(number) in frames:
                members.update(int(part) for text in parts for part in text.split(",") if part)
        return members

    def _differences_without(self, frames):
        """What is left of the differences when neither program gets to see `frames`."""
        with self._copy_without(frames) as copy:
            return self._read(copy)[1]

    def _read(self, path):
        """What tshark reads there, and what of it halfopen's table has differently."""
        reading = reading_by_tshark(self.tools.tshark, path)
        _, text, _ = self.tools.halfopen.annotate(path, "tshark-tsv")
        return reading, {d.identity for d in differences(reading, rows_of(text))}

    @contextlib.contextmanager
    def _copy_without(self, frames):
        with self.tools.scratch() as copy, self.tools.scratch() as other:
            shutil.copyfile(self.path, copy)
            known = [frame for frame in sorted(frames, reverse=True) if frame <= self._last_frame()]
            # From the end, so that the numbers before stay what they are.
            for chunk in chunks(ranges(known), self.SELECTIONS) or [[]]:
                self.tools.editcap([copy, other, *chunk])
                shutil.copyfile(other, copy)
            yield copy

    def _last_frame(self):
        if not hasattr(self, "_last"):
            self._last = 0
            for (number,) in self.tools.tshark.ask(self.path, ["frame.number"], "frame"):
                self._last = int(number)
        return self._last

    # ---- traps, each by its own evidence

    def _segments_of(self, difference):
        return [
            segment for segment in self.reading.segments.values()
            if frozenset((segment.source, segment.destination)) == difference.key[0]]

    def _quoted(self, difference):
        """Trap 11: without the ICMP errors both say the same."""
        if not self.reading.quoting:
            return None
        if not hasattr(self, "_without_quoting"):
            self._without_quoting = self._differences_without(self.reading.quoting)
        if difference.identity not in self._without_quoting:
            return trap(11, "halfopen's: what is quoted was not sent again")
        return None

    def _cut_options(self, difference):
        """Trap 14: a frame of the stream is cut inside its headers."""
        if difference.column == "irtt" and any(s.cut for s in self._segments_of(difference)):
            return trap(14, "whichever has the time: both ends were captured")
        return None

    def _other_stream(self, difference):
        """Traps 8 and 9: another number in a SYN-ACK, or a SYN again after a RST, from 4.2 on."""
        if self.tools.tshark.version < (4, 2):
            return None
        segments = self._segments_of(difference)
        answers = {(s.source, s.sequence) for s in segments if s.flags & (SYN | ACK) == SYN | ACK}
        if len(answers) > len({source for source, _ in answers}):
            return trap(8, "the SYN-ACK that was acknowledged")
        resets = [s.frame for s in segments if s.flags & RST]
        if resets and any(
                s.flags & (SYN | ACK) == SYN and s.frame > min(resets) for s in segments):
            return trap(9, "one connection, tried again")
        return None

    def _layers(self, difference):
        """Trap 12: there are several IP layers, and what they hold could not be told apart."""
        if difference.column in ("client", "server", "(stream)") and any(
                s.layers > 1 and "?" in s.source + s.destination
                for s in self._segments_of(difference)):
            return trap(12, "halfopen's, of the innermost layer")
        return None

    def _application(self, difference):
        """Trap 13: with every dissector but those below this stream's TCP both say the same."""
        below = {name for s in self._segments_of(difference) for name in s.path.split(":")}
        disabled = sorted((set(self.tools.tshark.above) | Tshark.CARRIERS) - below - {"data"})
        if disabled not in getattr(self, "_by_disabled", []):
            reading = reading_by_tshark(self.tools.tshark, self.path, disabled)
            self._bare = {d.identity for d in differences(reading, rows_of(self.text))}
            self._by_disabled = [disabled]
        if difference.identity not in self._bare:
            return trap(13, "one stream")
        return None


def chunks(items, size):
    items = list(items)
    return [items[start : start + size] for start in range(0, len(items), size)]


def ranges(descending):
    """Runs of frames as editcap takes them, `3-7`, in the order given."""
    runs = []
    for frame in descending:
        if runs and runs[-1][0] == frame + 1:
            runs[-1][0] = frame
        else:
            runs.append([frame, frame])
    return [f"{first}-{last}" if first < last else f"{first}" for first, last in runs]
