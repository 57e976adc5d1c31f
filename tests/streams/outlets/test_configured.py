import pytest

from streams.outlets.configured import configured
from streams.outlets.webhook import WrongOutlet
from streams.settings import Outlet


def chosen(**fields):
    return Outlet(**({"name": "soc", "url": "https://soc.example/alerts"} | fields))


async def test_outlets_come_in_their_order_with_keys_and_dead_letters(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a shared key\n")
    first, second = configured([chosen(secret_file=secret, form="ocsf"), chosen(name="../x y")], directory=tmp_path)
    assert (first.name, first._key, first.where) == ("soc", b"a shared key", "https://soc.example/alerts")
    assert second._key is None
    assert second._dead_letters.path == tmp_path / "outlet-___x_y.jsonl"
    for outlet in (first, second):
        await outlet.close()


@pytest.mark.parametrize(
    ("content", "said"), [("", "the key is empty"), ("whsec_!", "no base64"), (None, "No such file")]
)
def test_a_key_that_cannot_be_used_is_explained(tmp_path, content, said):
    secret = tmp_path / "secret"
    if content is not None:
        secret.write_text(content)
    with pytest.raises(WrongOutlet, match=f"outlet soc: .*{said}"):
        configured([chosen(secret_file=secret)], directory=None)


def test_two_outlets_of_one_name_are_a_mistake():
    with pytest.raises(WrongOutlet, match="two outlets are called soc"):
        configured([chosen(), chosen()], directory=None)
