"""The names of Faust and aiokafka that exact delivery uses although nobody promised them."""

import importlib
import inspect
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Name:
    """One name, with the parameters that we call or override it with.

    Attributes
    ----------
    path : ``module:attribute.attribute``; an instance attribute is found in its class's ``__init__``
    parameters : that a function must have, in this order, after self
    """

    path: str
    parameters: tuple[str, ...] | None = None

    def present(self) -> bool:
        """Tell whether the installed library has it."""
        module, _, attributes = self.path.partition(":")
        try:
            found: Any = importlib.import_module(module)
        except ImportError:
            return False
        for attribute in attributes.split("."):
            owner, found = found, getattr(found, attribute, None)
            if found is None and not _set_by_init(owner, attribute):
                return False
        return self.parameters is None or _parameters(found)[: len(self.parameters)] == self.parameters


def _set_by_init(owner: Any, attribute: str) -> bool:
    for base in owner.__mro__ if inspect.isclass(owner) else ():
        makes = vars(base).get("__init__")
        if attribute in vars(base).get("__annotations__", ()):
            return True
        if inspect.isfunction(makes) and attribute in makes.__code__.co_names:
            return True
    return False


def _parameters(function: Any) -> tuple[str, ...]:
    return tuple(name for name in inspect.signature(function).parameters if name != "self")


_CONSUMER = "faust.transport.drivers.aiokafka:Consumer"
_THREAD = "faust.transport.drivers.aiokafka:AIOKafkaConsumerThread"
_RECORDS = "aiokafka.consumer.fetcher:PartitionRecords"
NAMES = (
    Name("faust:App._new_transport", ()),
    Name("faust.transport.drivers.aiokafka:Transport.Consumer"),
    Name(f"{_CONSUMER}._new_consumer_thread", ()),
    Name(f"{_CONSUMER}._getmany", ("active_partitions", "timeout")),
    Name(f"{_CONSUMER}._add_gap", ("tp", "offset_from", "offset_to")),
    Name(f"{_CONSUMER}._filter_tps_with_pending_acks", ("topics",)),
    Name(f"{_CONSUMER}._new_offset", ("tp",)),
    Name(f"{_CONSUMER}._should_commit", ("tp", "offset")),
    Name(f"{_CONSUMER}._commit_offsets", ("offsets", "start_new_transaction")),
    Name(f"{_CONSUMER}._committed_offset"),
    Name(f"{_CONSUMER}.on_buffer_full", ("tp",)),
    Name(f"{_CONSUMER}.on_partitions_assigned", ("assigned", "generation_id")),
    Name(f"{_CONSUMER}.on_partitions_revoked", ("revoked",)),
    Name(f"{_CONSUMER}.perform_seek", ()),
    Name(f"{_CONSUMER}.verify_event_path", ("now", "tp")),
    Name(f"{_CONSUMER}.wait_empty", ()),
    Name(f"{_CONSUMER}.commit_and_end_transactions", ()),
    Name(f"{_THREAD}._consumer"),
    Name(f"{_THREAD}._fetch_records", ("consumer", "active_partitions", "timeout", "max_records")),
    Name("aiokafka:AIOKafkaConsumer._coordinator"),
    Name("aiokafka:AIOKafkaConsumer._fetcher"),
    Name("aiokafka.consumer.group_coordinator:GroupCoordinator.check_errors", ()),
    Name("aiokafka.consumer.group_coordinator:GroupCoordinator.member_id"),
    Name("aiokafka.consumer.fetcher:Fetcher._records"),
    Name("aiokafka.consumer.fetcher:FetchResult._partition_records"),
    *(
        Name(f"{_RECORDS}.{attribute}")
        for attribute in (
            "_records",
            "_records_iterator",
            "_tp",
            "_check_crcs",
            "_isolation_level",
            "_aborted_producers",
        )
    ),
    Name(f"{_RECORDS}._consume_aborted_up_to", ("batch_offset",)),
    Name(f"{_RECORDS}._contains_abort_marker", ("next_batch",)),
    Name("aiokafka.consumer.fetcher:READ_COMMITTED"),
)


def missing() -> list[str]:
    """Return the paths of the names that the installed libraries lack or have changed."""
    return [name.path for name in NAMES if not name.present()]
