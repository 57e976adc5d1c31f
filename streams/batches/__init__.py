"""Whole-batch delivery for Faust: a slice of a Kafka partition is one message, one event, one acknowledgement."""

from streams.batches.agents import coalesce
from streams.batches.app import BatchApp
from streams.batches.delivery import RawRecord, RecordBatch, TopicPartition
from streams.batches.hooks import Hooks
from streams.batches.process import run

__all__ = ["BatchApp", "Hooks", "RawRecord", "RecordBatch", "TopicPartition", "coalesce", "run"]
