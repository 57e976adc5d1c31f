"""What the bench of readers reads is read without a doubt."""

from schemas.formats import Source, named
from schemas.formats.message import Around
from streams.bench.model_servers import FEATURES, cases


def test_every_entry_of_the_bench_is_a_half_with_its_caller_and_nothing_odd() -> None:
    for what, name, entry, _, headers, topic in cases():
        around = Around(1_767_571_246_000, None, headers)
        found = named(name).read_many([entry], [0], topic=topic, raws=[around], source=Source(model="m"))
        (half,) = found.halves
        assert not found.warnings, what
        (row,) = half.exchange.rows
        assert len(row.get("features", ())) == FEATURES or len(row["probabilities"]) == 10
        assert half.who == "u-1" or name == "oip_v2"
