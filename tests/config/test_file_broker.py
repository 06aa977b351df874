"""Messages as files: whole before anybody sees them, taken by one process only, in the order they came."""

from multiprocessing.dummy import Pool
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from config.file_broker import Transport


@pytest.fixture
def channel(tmp_path):
    options = {}
    for option in ("data_folder_in", "processed_folder", "control_folder"):
        options[option] = str(tmp_path / option)
        Path(options[option]).mkdir()
    options["data_folder_out"] = options["data_folder_in"]
    with Connection(transport=Transport, transport_options=options) as connection:
        yield connection.channel()


def test_messages_come_in_order_and_by_queue(channel):
    for number in range(5):
        channel._put("interactive", {"n": number})
    channel._put("bulk", {"n": 99})
    assert [channel._get("interactive")["n"] for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(Empty):
        channel._get("interactive")


def test_a_message_that_is_being_written_is_not_seen(channel):
    draft = Path(channel.data_folder_in) / "1_x.interactive.msg.draft"
    draft.write_bytes(b"{")
    with pytest.raises(Empty):
        channel._get("interactive")


def test_two_readers_never_get_the_same_message(channel):
    for number in range(200):
        channel._put("interactive", {"n": number})
    with Pool(8) as pool:
        taken = pool.map(lambda _: channel._get("interactive")["n"], range(200))
    assert sorted(taken) == list(range(200))
    assert list(Path(channel.processed_folder).iterdir()) == []
