import io
from pathlib import Path

import pytest
from rich.console import Console

from detectors.training.traffic import traffic
from schemas.alert import Alert, Severity, Verdict
from streams.demo.ending import Run, last_screen
from streams.demo.outcome import Scorer
from streams.demo.screen import screen


@pytest.fixture(scope="module")
def scorer():
    return Scorer(traffic(2, records=4000, attacks=("fuzzing", "backdoor")))


def caught(scorer):
    index = next(index for index, one in enumerate(scorer.traffic.campaigns) if one.name == "fuzzing")
    campaign = scorer.traffic.campaigns[index]
    trigger = scorer.traffic.ids[int((scorer.traffic.campaign == index).nonzero()[0][4])]
    return Alert(
        id="a", time=campaign.first, first_time=0, last_time=0, verdict=Verdict.ATTACK, threat="fuzzing",
        severity=Severity.LOW, detector="d", model="fraud", principal=campaign.principals[0], trigger=trigger,
        title="[red]evil\x1b[2J",
    )  # fmt: skip


def console():
    return Console(file=io.StringIO(), width=130)


def test_the_last_screen_says_what_was_caught_missed_how_fast_and_what_next(scorer):
    out = console()
    last_screen(out, scorer, [caught(scorer)], Run(4000, 2.0, Path("kept")))
    text = out.file.getvalue()
    assert "caught 1 of 2 attacks; missed: backdoor" in text
    assert "after 5 of 240 queries" in text
    assert "false alarms: 0 in 2 days" in text
    assert "2,000/s" in text
    assert "tidegate alerts --config kept/tidegate.toml" in text
    assert text.count("tidegate ") >= 4


def test_without_a_terminal_each_alert_is_a_line_that_nothing_acts_on(scorer):
    out = console()
    with screen(out) as view:
        view.know(scorer)
        view.say("[bold]begin")
        view.add(caught(scorer))
        view.move("not shown")
    text = out.file.getvalue()
    assert "[bold]begin" in text
    assert "[red]evil\\x1b[2J" in text
    assert text.rstrip().endswith("(in truth: fuzzing)")
    assert "not shown" not in text
