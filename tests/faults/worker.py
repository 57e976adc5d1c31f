"""A worker to be harmed: appends `partition offset` of every record it handled to a file, then acknowledges.

Run as a script; tells on stdout what happens to its partitions.
"""

import argparse
import asyncio
import importlib
import os
import threading
import time

from streams.batches import BatchApp, Hooks, RecordBatch, TopicPartition, coalesce, run


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstrap", required=True)
    parser.add_argument("--topic", default="traffic")
    parser.add_argument("--group", default="workers")
    parser.add_argument("--out", required=True)
    parser.add_argument("--step", type=float, default=0.0, help="s that a batch takes")
    parser.add_argument("--block", action="store_true", help="take them without yielding to the event loop")
    parser.add_argument("--raise-every", type=int, default=0, help="first try of a batch whose offset it divides")
    parser.add_argument("--poison", choices=["", "rejected", "fatal"], default="", help="those never succeed")
    parser.add_argument("--stuck", default="", help="partition:offset whose batch never finishes")
    parser.add_argument("--stuck-in-thread", action="store_true")
    parser.add_argument("--stream", action="store_true", help="one agent over coalesced batches, writer thread acks")
    parser.add_argument("--explode-at", type=int, default=-1, help="offset at which the stream agent raises")
    parser.add_argument("--concurrency", type=int, default=1)
    parser.add_argument("--max-batch", type=int, default=100)
    parser.add_argument("--drain", type=float, default=10.0)
    parser.add_argument("--session", type=float, default=6.0)
    parser.add_argument("--rebalance", type=float, default=30.0)
    parser.add_argument("--commit", type=float, default=0.2)
    parser.add_argument("--back", type=int, default=0, help="records to re-read before the committed offset")
    parser.add_argument("--pause", type=int, default=-1, help="partition to pause after its first batch")
    parser.add_argument("--pause-for", type=float, default=1.0)
    parser.add_argument("--hide", default="", help="module:Class.attribute to delete before the app is made")
    return parser.parse_args()


class Tell(Hooks):
    """Print what happens."""

    def __init__(self, back: int) -> None:
        self.back = back

    def resume_offset(self, tp: TopicPartition, committed: int | None) -> int | None:
        return max(0, committed - self.back) if self.back and committed else None

    async def on_assigned(self, tps: set[TopicPartition]) -> None:
        say("assigned", sorted(tp.partition for tp in tps))

    def on_committed(self, offsets: dict[TopicPartition, int]) -> None:
        say("committed", {tp.partition: offset for tp, offset in sorted(offsets.items())})

    def on_drain(self) -> None:
        say("drain")

    async def on_revoked(self, tps: set[TopicPartition]) -> None:
        say("revoked", sorted(tp.partition for tp in tps))


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, (f"{time.time():.3f}", *words))) + "\n").encode())


class Work:
    """What is done with a batch."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.out = os.open(options.out, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.tried: set[tuple[int, int]] = set()

    def write(self, batch: RecordBatch) -> None:
        partition = batch.tp.partition
        os.write(self.out, "".join(f"{partition} {offset}\n" for offset in batch.offsets()).encode())

    def stuck(self, batch: RecordBatch) -> bool:
        partition, _, offset = self.options.stuck.partition(":")
        return partition == str(batch.tp.partition) and batch.first_offset <= int(offset) < batch.next_offset

    def fails(self, batch: RecordBatch) -> bool:
        every, where = self.options.raise_every, (batch.tp.partition, batch.first_offset)
        if not every or batch.first_offset // self.options.max_batch % every or where in self.tried:
            return False
        if not self.options.poison:
            self.tried.add(where)
        return True

    async def one(self, batch: RecordBatch) -> None:
        if self.stuck(batch):
            say("stuck", batch)
            await (asyncio.to_thread(time.sleep, 3600) if self.options.stuck_in_thread else asyncio.sleep(3600))
        if self.fails(batch):
            raise OSError(f"the sink does not want {batch}")
        if self.options.block:
            time.sleep(self.options.step)  # noqa: ASYNC251 - the point of the option
        else:
            await asyncio.sleep(self.options.step)
        self.write(batch)


def one_batch_agent(app: BatchApp, work: Work, options: argparse.Namespace) -> None:
    async def reject(batch: RecordBatch, error: Exception) -> None:
        say("rejected", batch.tp.partition, batch.first_offset, batch.next_offset)

    paused: set[int] = set()

    @app.batch_agent(
        app.batch_topic(options.topic),
        retries=2,
        backoff=0.05,
        on_poison=reject if options.poison == "rejected" else None,
        concurrency=options.concurrency,
    )
    async def handle(batch: RecordBatch) -> None:
        if batch.tp.partition == options.pause and not paused:
            paused.add(batch.tp.partition)
            app.pause({batch.tp})
            say("paused", batch)
            asyncio.get_running_loop().call_later(options.pause_for, resume, batch.tp)
        await work.one(batch)

    def resume(tp: TopicPartition) -> None:
        say("resumed", tp.partition)
        app.resume({tp})


def stream_agent(app: BatchApp, work: Work, options: argparse.Namespace) -> None:
    @app.stream_agent(app.batch_topic(options.topic))
    async def handle(stream: object) -> None:
        async for batches in coalesce(stream):
            if any(batch.first_offset <= options.explode_at < batch.next_offset for batch in batches):
                raise ArithmeticError("the detector met what it cannot digest")
            threading.Thread(target=later, args=(batches,)).start()
            await asyncio.sleep(options.step)

    def later(batches: list[RecordBatch]) -> None:
        for batch in reversed(batches):
            work.write(batch)
            batch.ack()


def main() -> None:
    options = arguments()
    if options.hide:
        path, _, attribute = options.hide.rpartition(".")
        module, _, owner = path.partition(":")
        delattr(getattr(importlib.import_module(module), owner), attribute)
    app = BatchApp(
        options.group,
        broker="kafka://" + options.bootstrap.replace(",", ";kafka://"),
        batch_topics={options.topic},
        max_batch=options.max_batch,
        batch_drain_timeout=options.drain,
        hooks=Tell(options.back),
        broker_commit_interval=options.commit,
        broker_session_timeout=options.session,
        broker_heartbeat_interval=0.5,
        broker_rebalance_timeout=options.rebalance,
        broker_request_timeout=max(10.0, options.session),
    )
    work = Work(options)
    (stream_agent if options.stream else one_batch_agent)(app, work, options)
    run(app)


if __name__ == "__main__":
    main()
