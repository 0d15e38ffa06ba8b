"""Recomputes every number of a run's report from the recording, which it reads with plain SQL, and compares.

A second implementation by the words of docs/method.md: nothing of it comes from the first, nor does anything but this
folder and Python's own library. Every line of the report must be one that was recomputed, figure by figure.

Usage: report.py DATABASE RUN REPORT.md [--csv FILE] [--hlog FILE]
What `loadchaos report RUN --markdown REPORT.md --csv FILE --hlog FILE` has written; exits 1 and shows each difference.
"""

import argparse
import sys
from itertools import zip_longest
from pathlib import Path
from typing import Iterator

import exports
from judge import Judge
from line import Line, figures, markdown, shown
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
    differences = list(compare(expected, shown(Path(asked.report).read_text())))
    for file, lines in ((asked.csv, exports.csv),):
        if file:
            wanted = lines(recording)
            numbers += sum(map(figures, wanted))
            differences += rows(file, Path(file).read_text().splitlines(), wanted)
    for difference in differences:
        print(difference)
    if not differences:
        print(f"ok  report of {asked.run}: {numbers} numbers recomputed")
    return 1 if differences else 0


def compare(expected: list[tuple[str, list[Line]]], found: list[tuple[str, list[str]]]) -> Iterator[str]:
    for wanted, seen in zip_longest(expected, found, fillvalue=("(nothing)", [])):
        title = markdown(wanted[0])
        if title != seen[0]:
            yield f"sections: shown {seen[0]!r}, recomputed {title!r}"
        yield from rows(title, seen[1], [markdown(line) for line in wanted[1]])


def rows(title: str, seen: list[str], wanted: list[str]) -> Iterator[str]:
    for place, (line, recomputed) in enumerate(zip_longest(seen, wanted, fillvalue="(nothing)"), 1):
        if line != recomputed:
            yield f"{title}, row {place}:\n  shown      {line}\n  recomputed {recomputed}"


if __name__ == "__main__":
    sys.exit(main())
