"""How figures read for people."""

from histogram import INFINITE
from plan import Plan, nearest


def trimmed(value: float, places: int) -> str:
    text = f"{value:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def digits(value: float) -> str:
    size = abs(value)
    return trimmed(value, 0 if size >= 100 else 1 if size >= 10 else 2)


def duration(time: float) -> str:
    """Three digits and a unit: `41.2ms`."""
    if time == INFINITE:
        return "never"
    if time == 0:
        return "0ms"
    for unit, size in (("us", 1e3), ("ms", 1e6)):
        if abs(time) < size * 1e3:
            return digits(time / size) + unit
    return digits(time / 1e9) + "s"


def span(time: int) -> str:
    """As the scenario's language writes a length of time: `2m`, `90s`, `1.5ms`; at most three decimals."""
    if time == 0:
        return "0s"
    sign = "-" if time < 0 else ""
    size = abs(time)
    for unit, name in ((3_600_000_000_000, "h"), (60_000_000_000, "m")):
        if size % unit == 0:
            return f"{sign}{size // unit}{name}"
    for unit, name in ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us")):
        if nearest(size / unit * 1_000) >= 1_000:
            return f"{sign}{trimmed(nearest(size / unit * 1_000) / 1_000, 3)}{name}"
    return f"{time}ns"


def count(value: int) -> str:
    return f"{value:,}"


def plural(value: int, noun: str) -> str:
    return f"{count(value)} {noun}{'' if value == 1 else 's'}"


def percent(fraction: float) -> str:
    value = fraction * 100
    return trimmed(value, 4 if value != 0 and abs(value) < 0.01 else 2) + "%"


def rate(value: float) -> str:
    return trimmed(value, 1) + "/s"


def number(value: float) -> str:
    """Of unknown unit."""
    return count(nearest(value)) if 1_000 <= abs(value) < 1e15 else trimmed(value, 3)


def seconds(scenario: float) -> str:
    return trimmed(scenario / 1e9, 1) + "s"


def plain(value: float) -> str:
    """Without a decimal point where there is nothing behind it."""
    return str(int(value)) if value == int(value) else str(value)


def scenario_clock(plan: Plan, real: float) -> str:
    """`2m05s`: the second that has begun."""
    whole = int(plan.scenario(real) / 1e9 // 1)
    sign = "-" if whole < 0 else ""
    minutes, rest = divmod(abs(whole), 60)
    return f"{sign}{minutes}m{rest:02}s" if minutes else f"{sign}{rest}s"


def clocks(plan: Plan, real: float) -> tuple[str, str]:
    return scenario_clock(plan, real), real_clock(real)


def real_clock(real: float) -> str:
    tenths = nearest(real / 1e9 * 10)
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}s"
