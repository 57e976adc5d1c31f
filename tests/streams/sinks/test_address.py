import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.sinks.address import PASSWORD, Address, WrongAddress, directory, open_sink, parse
from streams.sinks.memory import Memory


@pytest.fixture(autouse=True)
def no_password_around(monkeypatch):
    monkeypatch.delenv(PASSWORD, raising=False)


def test_a_url_names_hosts_user_and_database():
    address = parse("clickhouse://writer:p%40ss@a:9001,b,[::1]:9003/tidegate?connect_timeout=2")
    assert address == Address(
        hosts=(("a", 9001), ("b", 9000), ("::1", 9003)),
        user="writer", password="p@ss", options={"connect_timeout": "2"},
    )  # fmt: skip


def test_what_a_url_leaves_out_has_a_default():
    assert parse("clickhouse://h") == Address(hosts=(("h", 9000),))


@pytest.mark.parametrize("url", ["clickhouses://h/", "clickhouse://h/?secure=true"])
def test_tls_changes_the_default_port(url):
    assert parse(url).secure
    assert parse(url).hosts == (("h", 9440),)


def test_the_environment_wins_over_the_url(monkeypatch):
    monkeypatch.setenv(PASSWORD, "from outside")
    assert parse("clickhouse://u:inside@h").password == "from outside"


def test_a_password_can_stand_in_a_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text("hidden\n")
    assert parse(f"clickhouse://u@h/tidegate?password_file={file}").password == "hidden"


def test_a_missing_password_file_is_named(tmp_path):
    with pytest.raises(WrongAddress, match=r"nowhere: No such file"):
        parse(f"clickhouse://u@h/tidegate?password_file={tmp_path}/nowhere")


@given(password=st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=6))
def test_a_password_is_never_shown(password):
    secret = f"%{password}%"
    address = parse("clickhouse://u@h/tidegate", password=secret)
    assert secret not in repr(address)
    assert secret not in address.where


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://u:secret@h", "no engine is called 'mysql'"),
        ("clickhouse://u:secret@/tidegate", "is no host"),
        ("clickhouse://u:secret@h/other", "always called tidegate"),
        ("clickhouse://u:secret@h:port/tidegate", "is no host"),
        ("clickhouse://u:secret@h/tidegate?pasword=1", "unknown option 'pasword'"),
        ("clickhouse://u:secret@h/tidegate?secure=perhaps", "right would be true or false"),
        ("clickhouse://u:secret@h/tidegate?connect_timeout=soon", "are seconds"),
        ("clickhouse://u:secret@h/tidegate?compression=rar", "ClickHouse at h:9000/tidegate"),
    ],
)
def test_a_wrong_url_is_explained_without_its_password(url, said):
    with pytest.raises(WrongAddress, match=said) as caught:
        open_sink(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["chdb://", "chdb:///", "chdb://relative/dir", "chdb:///dir?x=1"])
def test_the_embedded_engine_needs_a_directory(url):
    with pytest.raises(WrongAddress, match="chdb:///var/lib/tidegate"):
        directory(url)


def test_a_directory_may_have_spaces():
    assert str(directory("chdb:///var/lib/tide%20gate")) == "/var/lib/tide gate"


def test_memory_is_a_url_too():
    assert isinstance(open_sink("memory://"), Memory)
