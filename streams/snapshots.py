"""Snapshots: a partition's whole state in one file, valid for one offset, sealed with a keyed MAC."""

import hmac
import os
import secrets
from hashlib import blake2b
from pathlib import Path
from time import sleep, time

import structlog

log = structlog.get_logger()

MAGIC = b"tgS1"
HEAD = 12  # bytes of magic and offset
MAC = 32  # bytes of BLAKE2b
KEY = 32  # bytes of a key of our own
LARGEST = 1 << 36  # bytes; a larger file is not read
STALE = 3600.0  # s after which what a crash left half-written is cleared away


class Snapshots:
    """Snapshot files of a worker's partitions in one directory that all workers of a group can reach.

    A snapshot says "this is the state when every record before ``offset`` had been handled". It is written to a
    temporary name, synced and renamed, so that a crash leaves the previous one. It is read back only if its MAC
    (BLAKE2b keyed with the installation's secret, RFC 7693) is right: state that anybody else wrote is not loaded.

    Raises
    ------
    OSError
        if the directory cannot be made or written
    """

    def __init__(self, directory: Path, *, key: bytes | None = None) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.key = key or _own_key(directory / "key")
        _clear(directory)

    def path(self, topic: str, partition: int) -> Path:
        """File of a partition; the topic's name is made safe for a file system."""
        safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in topic)[:100]
        return self.directory / f"{safe}-{blake2b(topic.encode(), digest_size=4).hexdigest()}-{partition}.snapshot"

    def read(self, topic: str, partition: int) -> tuple[int, bytes] | None:
        """Offset and state of the last good snapshot; None, and a warning, if there is none that is whole and ours."""
        path = self.path(topic, partition)
        try:
            data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
        except FileNotFoundError:
            return None
        body, tag = data[:-MAC], data[-MAC:]
        if (
            len(data) < HEAD + MAC
            or data[:4] != MAGIC
            or not hmac.compare_digest(self._tag(topic, partition, body), tag)
        ):
            log.warning("snapshot refused", file=str(path), cure="delete it; the partition is rebuilt from the log")
            return None
        return int.from_bytes(body[4:HEAD], "little"), body[HEAD:]

    def write(self, topic: str, partition: int, offset: int, state: bytes) -> None:
        """Keep a state that holds for ``offset``. Raises ``OSError``; the previous snapshot stays valid."""
        body = MAGIC + offset.to_bytes(8, "little") + state
        path = self.path(topic, partition)
        temporary = path.with_suffix(f".{secrets.token_hex(6)}.new")  # a pid is the same in every container
        try:
            with temporary.open("xb") as file:
                file.write(body)
                file.write(self._tag(topic, partition, body))
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)

    def _tag(self, topic: str, partition: int, body: bytes) -> bytes:
        """MAC over state, offset, and whose state it is: a snapshot of another partition is refused too."""
        mac = blake2b(key=self.key[:64], digest_size=MAC, person=b"tidegate.snap")
        mac.update(f"{topic}\x1f{partition}\x1f".encode())
        mac.update(body)
        return mac.digest()


def _own_key(path: Path) -> bytes:
    """The key kept beside the snapshots, made on first use by whoever is first, readable by its owner only."""
    temporary = path.with_name(f"key.{secrets.token_hex(6)}.new")
    handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY))
            file.flush()
            os.fsync(file.fileno())
        if not path.exists():
            _publish(temporary, path)
        return _whole(path)
    finally:
        temporary.unlink(missing_ok=True)


def _publish(temporary: Path, path: Path) -> None:
    """Give a complete file its name, unless somebody was faster."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        pass
    except OSError:  # no hard links on this file system
        temporary.replace(path)


def _whole(path: Path) -> bytes:
    """The key, once it is all there: where there are no hard links it may just have been replaced."""
    for _ in range(50):
        if len(key := path.read_bytes()) == KEY:
            return key
        sleep(0.02)
    raise OSError(f"{path} holds no key of {KEY} bytes: delete it, and the snapshots beside it")


def _clear(directory: Path) -> None:
    """Remove what crashes left half-written long ago."""
    for left in directory.glob("*.new"):
        try:
            if time() - left.stat().st_mtime > STALE:
                left.unlink()
        except OSError:
            continue
