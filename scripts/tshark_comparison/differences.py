"""The cells that the two tables have differently."""

import itertools


COLUMNS = (
    "stream client server syn synack hsack irtt c_mss s_mss c_ws s_ws c_sack s_sack c_ts s_ts "
    "n_syn n_synack rst completeness"
).split()


class Difference:
    """One cell, or one whole stream, that the two say differently."""

    def __init__(self, key, column, theirs, ours, stream, frames):
        # Both ends in either order, and how many streams those ends had before.
        self.key, self.column, self.theirs, self.ours = key, column, theirs, ours
        self.stream, self.frames = stream, frames
        self.cause, self.evidence = None, None

    @property
    def identity(self):
        return self.key, self.column

    @property
    def place(self):
        return f"{self.stream}" if self.stream is not None else " ".join(sorted(self.key[0]))


def by_ends(rows, ends_of):
    groups = {}
    for row in rows:
        groups.setdefault(frozenset(ends_of(row)), []).append(row)
    return groups


def matched(theirs, ours):
    """Pairs the streams of the same two ends in their order, leaving out what fits least."""
    if len(theirs) == len(ours):
        return list(zip(theirs, ours))
    if len(theirs) * len(ours) > 250_000:
        return list(itertools.zip_longest(theirs, ours))
    longer, shorter = (theirs, ours) if len(theirs) > len(ours) else (ours, theirs)

    def unlike(a, b):
        return sum(x != y for x, y in zip(a[-1], b[-1]))

    # The least sum of unlike cells, where streams of the longer list may stay alone.
    width, infinite = len(shorter), float("inf")
    best = [(0, ())] + [(infinite, ())] * width
    for stream in longer:
        following = [best[0][:1] + (best[0][1] + ((stream, None),),)]
        for place in range(1, width + 1):
            alone = (best[place][0], best[place][1] + ((stream, None),))
            cost, pairs = best[place - 1]
            other = shorter[place - 1]
            paired = (cost + unlike(stream, other) if cost < infinite else infinite,
                      pairs + ((stream, other),))
            following.append(min(alone, paired, key=lambda choice: choice[0]))
        best = following
    pairs = best[width][1]
    return [pair if longer is theirs else pair[::-1] for pair in pairs]


def differences(reading, rows):
    """Compares tshark's streams with halfopen's rows."""
    known = {}
    theirs = [
        (stream, [known.setdefault(cell, cell) for cell in stream.row()])
        for stream in reading.streams]
    ours = [(None, row) for row in rows]
    their_groups = by_ends(theirs, lambda pair: pair[1][1:3])
    our_groups = by_ends(ours, lambda pair: pair[1][1:3])
    found = []
    for ends in list(their_groups) + [ends for ends in our_groups if ends not in their_groups]:
        pairs = matched(their_groups.get(ends, []), our_groups.get(ends, []))
        for ordinal, (their, our) in enumerate(pairs):
            key = (ends, ordinal)
            if their is None:
                found.append(Difference(key, "(stream)", "none", " ".join(our[1]), None, ()))
            elif our is None:
                found.append(
                    Difference(
                        key, "(stream)", " ".join(their[1]), "none", their[0].number,
                        their[0].frames))
            else:
                found += [
                    Difference(key, name, a, b, their[0].number, their[0].frames)
                    for name, a, b in zip(COLUMNS, their[1], our[1]) if a != b]
    return found
