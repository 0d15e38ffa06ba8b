"""Recomputes every number of a run's report from the recording, which it reads with plain SQL, and compares.

A second implementation by the words of docs/method.md, which shares nothing with the first and needs Python alone.
It makes the whole report again, so that no figure in it can be one that nobody recomputed.

Usage: report.py DATABASE RUN REPORT.md [--csv FILE] [--hlog FILE]
The files are those of `loadchaos report RUN --markdown REPORT.md --csv FILE --hlog FILE`. Exits 1 if anything
differs, and shows what.
"""

import argparse
import sys
from itertools import zip_longest
from pathlib import Path
from typing import Iterable, Iterator

import exports
from judge import Judge
from line import Section, figures, markdown, shown
from recording import Recording
from sections import report


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage=argparse.SUPPRESS)
    parser.add_argument("database")
    parser.add_argument("run")
    parser.add_argument("report")
    parser.add_argument("--csv")
    parser.add_argument("--hlog")
    asked = parser.parse_args()
    recording = Recording(asked.database, asked.run)
    folder = str(Path(asked.database).parent / asked.run)
    expected = report(Judge(recording), asked.database, folder)
    numbers = sum(figures(line) for _, lines in expected for line in lines)
    made = [(markdown(title), list(map(markdown, lines))) for title, lines in expected]
    differences = list(compare(made, shown(read(asked.report))))
    for option, cells, make in exports.FORMATS:
        if path := getattr(asked, option):
            wanted = make(recording)
            numbers += sum(map(figures, wanted))
            differences += rows(path, map(", ".join, cells(read(path))), map(", ".join, wanted))
    for difference in differences:
        print(difference)
    if not differences:
        print(f"ok  report of {asked.run}: {numbers} numbers recomputed")
    return 1 if differences else 0


def read(path: str) -> str:
    return Path(path).read_bytes().decode()


def compare(wanted: list[Section], seen: list[Section]) -> Iterator[str]:
    nothing: Section = ("(nothing)", [])
    for recomputed, found in zip_longest(wanted, seen, fillvalue=nothing):
        if found[0] != recomputed[0]:
            yield f"sections: shown {found[0]!r}, recomputed {recomputed[0]!r}"
        yield from rows(recomputed[0], found[1], recomputed[1])


def rows(title: str, seen: Iterable[str], wanted: Iterable[str]) -> Iterator[str]:
    for place, (found, recomputed) in enumerate(zip_longest(seen, wanted, fillvalue="(nothing)"), 1):
        if found != recomputed:
            yield f"{title}, row {place}:\n  shown      {found}\n  recomputed {recomputed}"


if __name__ == "__main__":
    sys.exit(main())
