"""What Prometheus is told of classifiers."""

from prometheus_client.exposition import generate_latest

from detectors.classifiers.classifiers import Classifiers
from streams.metrics import Metrics
from streams.observed import classifying
from tests.detectors.classifiers.conftest import network, open_


def test_provider_share_and_rows_are_told():
    some, made = Classifiers([open_(network())], left=0.25), Metrics()
    classifying(made, some)
    text = generate_latest(made.registry).decode()
    assert 'tidegate_classifier_provider{classifier="one",provider="CPUExecutionProvider"} 1.0' in text
    assert 'tidegate_classifier_share{classifier="one"} 1.0' in text
    some.some[0].lost = "gone"
    some.some[0].counts["rows"] = 7
    text = generate_latest(made.registry).decode()
    assert 'tidegate_classifier_share{classifier="one"} 0.25' in text
    assert 'tidegate_classifier_gpu_lost{classifier="one"} 1.0' in text
    assert 'tidegate_classifier_rows_total{classifier="one"} 7.0' in text
