"""What is printed."""

import collections
import json

from .causes import Cause
from .differences import COLUMNS


def kinds_of(outcomes):
    """Differences of the same cause and column, as one."""
    kinds = collections.OrderedDict()
    for outcome in outcomes:
        for difference in outcome.found:
            cause = difference.cause or Cause("unexplained", "", "unknown")
            kinds.setdefault((cause, difference.column), []).append((outcome.path, difference))

    def order(item):
        kind = item[0][0].kind
        number = int(kind.split()[1]) if kind.startswith("trap") else 99
        return kind == "unexplained", number, kind, item[0][0].name, item[0][1]

    return sorted(kinds.items(), key=order)


def text_report(outcomes, tshark, lists):
    lines = []
    for (cause, column), members in kinds_of(outcomes):
        path, example = members[0]
        streams = len({(path, difference.key) for path, difference in members})
        lines.append(f"{cause.kind}: {cause.name}" if cause.name else cause.kind)
        lines.append(f"  {column}: {counted(streams, 'stream')}; the truth: {cause.truth}")
        for path, difference in members if lists else members[:1]:
            lines.append(
                f"  {path}:{difference.place}  tshark {difference.theirs}"
                f"  halfopen {difference.ours}")
    aside = collections.OrderedDict()
    for outcome in outcomes:
        if outcome.aside:
            aside.setdefault((not outcome.agrees, outcome.aside), []).append(outcome.path)
    for (fails, why), paths in sorted(aside.items()):
        lines.append(f"{'unexplained' if fails else 'set aside'}: {why}")
        shown = paths if lists or fails else paths[:2]
        more = f", and {len(paths) - len(shown):,} more" if len(shown) < len(paths) else ""
        lines.append(f"  {', '.join(shown)}{more}")
    if lines:
        lines.append("")
    totals = totals_of(outcomes, tshark)
    lines.append(
        f"tshark {totals['tshark']}: {counted(totals['files'], 'file')}, "
        f"{counted(totals['compared'], 'file')} compared, "
        f"{counted(totals['streams'], 'stream')}, {counted(totals['cells'], 'cell')}, "
        f"{counted(totals['differences'], 'difference')}")
    for kind, count in totals["explained"].items():
        lines.append(f"{kind}: {count}")
    lines.append(f"unexplained: {totals['unexplained']}")
    return "\n".join(lines) + "\n"


def counted(count, what):
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def totals_of(outcomes, tshark):
    causes = collections.Counter(
        difference.cause.kind for outcome in outcomes for difference in outcome.found
        if difference.cause)
    streams = sum(outcome.streams for outcome in outcomes)
    return {
        "tshark": ".".join(map(str, tshark.version)),
        "files": len(outcomes),
        "compared": sum(outcome.aside is None for outcome in outcomes),
        "streams": streams,
        "cells": streams * len(COLUMNS),
        "differences": sum(len(outcome.found) for outcome in outcomes),
        "explained": dict(sorted(causes.items())),
        "unexplained": sum(outcome.unexplained for outcome in outcomes),
    }


def json_report(outcomes, tshark):
    return json.dumps(
        {
            "totals": totals_of(outcomes, tshark),
            "differences": [
                {
                    "file": outcome.path, "stream": difference.stream,
                    "ends": sorted(difference.key[0]), "column": difference.column,
                    "tshark": difference.theirs, "halfopen": difference.ours,
                    "cause": difference.cause.kind if difference.cause else None,
                    "because": difference.cause.name if difference.cause else None,
                    "truth": difference.cause.truth if difference.cause else None,
                }
                for outcome in outcomes for difference in outcome.found],
            "contradictions": [
                dict(one._asdict(), path=outcome.path)
                for outcome in outcomes for one in outcome.contradictions],
            "aside": [
                {"file": outcome.path, "why": outcome.aside, "agrees": outcome.agrees}
                for outcome in outcomes if outcome.aside],
        },
        indent=2) + "\n"
