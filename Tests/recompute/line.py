"""A line of a report: its cells, which make a row of a table, or a text by itself."""

import re

Line = list[str] | str
# A title, and lines of Markdown.
Section = tuple[str, list[str]]


class Quoted(str):
    """Text that the recording has word for word, so nobody computed the figures in it."""


def figures(line: Line) -> int:
    """How many numbers of it were computed: words with a digit."""
    cells = [line] if isinstance(line, str) else line
    computed = [cell for cell in cells if not isinstance(cell, Quoted)]
    return sum(len(re.findall(r"\S*\d\S*", cell)) for cell in computed)


def markdown(line: Line) -> str:
    if isinstance(line, str):
        return escaped(line)
    return "| " + " | ".join(escaped(one_line(cell)) for cell in line) + " |"


def escaped(text: str) -> str:
    """What GitHub's Markdown would take for its own."""
    entities = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "@\u200b", "\n": " "}
    return "".join(
        "\\" + letter if letter in "|[]*_~`\\" else entities.get(letter, letter) for letter in text)


def one_line(text: str) -> str:
    return re.sub(r"\r\n|[\n\r\t\v\f\x85\u2028\u2029]", " ", text)


def shown(text: str) -> list[Section]:
    """A report's sections, without what only draws: rules, bold, list marks and empty lines."""
    sections: list[Section] = []
    for line in text.split("\n"):
        if heading := re.fullmatch(r"#+ (.*)", line):
            sections.append((heading[1], []))
        elif line and not re.fullmatch(r"\|( (---|--:) \|)+", line):
            sections[-1][1].append(re.sub(r"^\*\*(.*)\*\*$|^\* (.*)$", r"\1\2", line))
    return sections
