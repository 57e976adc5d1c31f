from streams.sinks.server import Abilities


def test_a_server_of_today_gets_a_token_and_may_not_hold_rows_back():
    abilities = Abilities("26.9.2.1", deduplicates=True, buffers=True)
    assert abilities.settings("token") == {"insert_deduplication_token": "token", "async_insert": 0}
    assert abilities.remarks() == []


def test_a_server_without_tokens_is_told_nothing_it_does_not_know():
    abilities = Abilities("18.16.1", deduplicates=False, buffers=False)
    assert abilities.settings("token") == {}
    assert "18.16.1" in abilities.remarks()[0]
