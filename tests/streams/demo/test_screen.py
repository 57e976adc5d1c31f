"""What the demo shows while it runs."""

import io

from msgspec.structs import replace
from rich.console import Console

from schemas.alert import Alert, Severity, Verdict
from streams.demo.screen import SHOWN, screen

ALERT = Alert(
    id="a",
    time=1.75e9,
    first_time=1.75e9,
    last_time=1.75e9,
    verdict=Verdict.ATTACK,
    threat="extraction",
    severity=Severity.HIGH,
    detector="attack_profile",
    model="m",
    title="c-1 seems to be copying m",
)


def shown(alerts, *, terminal=False):
    file = io.StringIO()
    console = Console(file=file, width=120, force_terminal=terminal, color_system=None)
    with screen(console) as view:
        for alert in alerts:
            view.add(alert)
        rows = view._table().row_count
        assert view.alerts == list(alerts)
    return file.getvalue(), rows


def test_an_alert_that_is_told_again_unchanged_is_one_line():
    text, rows = shown([ALERT, replace(ALERT, count=9), ALERT])
    assert text.count("copying") == rows == 1


def test_an_alert_that_has_another_title_by_now_says_so():
    later = replace(ALERT, title="c-1 is searching for an input that fools m", last_time=ALERT.time + 60)
    text, rows = shown([ALERT, later])
    assert rows == 1
    assert text.splitlines() == [
        "2025-06-15 15:06:40 high     c-1 seems to be copying m (in truth: false alarm)",
        "2025-06-15 15:07:40 high       now: c-1 is searching for an input that fools m (in truth: false alarm)",
    ]


def test_a_cohort_that_grows_is_told_again_when_it_has_doubled():
    grown = [
        replace(
            ALERT,
            title=f"{n:,} new principals act as one on model m: extraction",
            principals=[str(k) for k in range(n)],
        )
        for n in range(10, 45)
    ]
    text, rows = shown([*grown, replace(grown[-1], title="44 new principals act as one on model m: probing")])
    assert rows == 1
    assert [line.partition(" new")[0].split()[-1] for line in text.splitlines()] == ["10", "20", "40", "44"]


def test_a_terminal_shows_the_last_alerts_each_as_it_is_now():
    many = [replace(ALERT, id=str(k), title=f"alert {k}") for k in range(40)]
    text, rows = shown([*many, replace(many[-1], title="told again")], terminal=True)
    assert rows == SHOWN
    assert "told again" in text


def test_a_line_is_one_line_however_narrow_the_page_is():
    text, _ = shown([replace(ALERT, title="c-1 " + "and so on " * 20)])
    assert len(text.splitlines()) == 1


def test_what_a_principal_is_called_moves_no_cursor():
    text, _ = shown([replace(ALERT, title="c-1\x1b[2J\nfake line")])
    assert "\x1b" not in text
    assert len(text.splitlines()) == 1
