"""What the chart makes is what Kubernetes takes, and no more than a pod needs."""

from pathlib import Path

import kubernetes_validate
import pytest

from streams.batches.process import GRACE
from streams.run import DRAIN
from tests.chart import helm
from tests.chart.helm import CHART, EVERYTHING, EXAMPLES, KUBERNETES, MINIMAL, Object, one, pod, pods, rendered

pytestmark = pytest.mark.chart

OLDEST, NEWEST = "1.25", kubernetes_validate.latest_version()
each_example = pytest.mark.parametrize("values", EXAMPLES, ids=lambda path: path.stem)


def matches(selector: Object, labels: Object) -> bool:
    return selector["matchLabels"].items() <= labels.items()


@each_example
def test_helm_finds_nothing_to_complain_about(values: Path) -> None:
    said = helm.helm("lint", str(CHART), "--strict", "--kube-version", KUBERNETES, "-f", str(values))
    assert "0 chart(s) failed" in said
    assert "WARNING" not in said


@each_example
@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_every_object_is_one_that_kubernetes_takes(values: Path, version: str) -> None:
    objects = [each for each in rendered(values) if each["kind"] != "PodMonitor"]
    assert objects
    for each in objects:
        kubernetes_validate.validate(each, version, strict=True)


def test_a_key_that_kubernetes_does_not_know_would_be_noticed() -> None:
    worker = one(rendered(MINIMAL), "StatefulSet")
    worker["spec"]["template"]["spec"]["containers"][0]["readinessprobe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError, match="readinessprobe"):
        kubernetes_validate.validate(worker, NEWEST, strict=True)


@each_example
def test_every_pod_is_of_the_restricted_kind(values: Path) -> None:
    found = list(pods(rendered(values)))
    assert found
    for _, _, spec in found:
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] > 0
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC", "initContainers"} & spec.keys()
        assert not any("hostPath" in volume for volume in spec["volumes"])
        [container] = spec["containers"]
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]},
        }  # fmt: skip


@each_example
def test_what_a_pod_writes_to_is_a_volume(values: Path) -> None:
    for _, _, spec in pods(rendered(values)):
        [container] = spec["containers"]
        writable = {mount["mountPath"] for mount in container["volumeMounts"] if not mount.get("readOnly")}
        compiled = next(e["value"] for e in container["env"] if e["name"] == "NUMBA_CACHE_DIR")
        assert {"/tmp", compiled} <= writable


@each_example
def test_every_mount_has_its_volume(values: Path) -> None:
    objects = rendered(values)
    claims = {each["metadata"]["name"] for each in objects if each["kind"] == "PersistentVolumeClaim"}
    for component, _, spec in pods(objects):
        made = {volume["name"] for volume in spec["volumes"]}
        if component in ("worker", "router"):
            templates = one(objects, "StatefulSet", f"-{component}")["spec"].get("volumeClaimTemplates", [])
            made |= {template["metadata"]["name"] for template in templates}
        assert {mount["name"] for mount in spec["containers"][0]["volumeMounts"]} == made
        wanted = {v["persistentVolumeClaim"]["claimName"] for v in spec["volumes"] if "persistentVolumeClaim" in v}
        assert wanted <= claims | {"shared-snapshots", "tidegate-models"}


@each_example
def test_a_pod_is_given_the_time_that_a_stop_may_take(values: Path) -> None:
    for component, _, spec in pods(rendered(values)):
        if component in ("worker", "router", "correlator", "courier"):
            assert spec["terminationGracePeriodSeconds"] > DRAIN + GRACE


@each_example
def test_selectors_select_the_pods_they_mean(values: Path) -> None:
    objects = rendered(values)
    labels = {component: metadata["labels"] for component, metadata, _ in pods(objects)}
    for each in objects:
        spec = each.get("spec", {})
        if each["kind"] in ("StatefulSet", "Deployment", "PodDisruptionBudget"):
            component = each["metadata"]["labels"]["app.kubernetes.io/component"]
            assert {name for name in labels if matches(spec["selector"], labels[name])} == {component}
        if each["kind"] == "PodMonitor":
            assert all(matches(spec["selector"], labels[name]) for name in ("worker", "correlator"))
        if each["kind"] == "Service":
            assert all(spec["selector"].items() <= labels[name].items() for name in ("worker", "correlator"))
        if each["kind"] == "NetworkPolicy":
            assert all(matches(spec["podSelector"], found) for found in labels.values())


def test_the_pod_monitor_scrapes_the_port_that_the_pods_serve() -> None:
    objects = rendered(EVERYTHING)
    monitor = one(objects, "PodMonitor")
    assert monitor["apiVersion"] == "monitoring.coreos.com/v1"
    assert monitor["metadata"]["labels"]["release"] == "prometheus"
    assert monitor["spec"]["podMetricsEndpoints"] == [{"port": "metrics", "path": "/metrics", "interval": "15s"}]
    for component in ("worker", "correlator"):
        [container] = pod(objects, component)["containers"]
        assert container["ports"] == [{"name": "metrics", "containerPort": 9200}]
        paths = {probe: container[f"{probe}Probe"]["httpGet"]["path"] for probe in ("startup", "liveness", "readiness")}
        assert paths == {"startup": "/healthz/loop", "liveness": "/healthz/loop", "readiness": "/healthz"}


def test_nothing_leaves_but_to_dns_kafka_clickhouse_and_outlets() -> None:
    policy = one(rendered(EVERYTHING), "NetworkPolicy")["spec"]
    assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    ports = [[port["port"] for port in rule["ports"]] for rule in policy["egress"]]
    assert ports == [[53, 53], [9093], [9440], [443, 8080]]
    assert all("to" in rule for rule in policy["egress"][1:])
    assert [port["port"] for rule in policy["ingress"] for port in rule["ports"]] == ["metrics"]


def test_the_migration_brings_along_what_it_needs_before_anything_else_is_there() -> None:
    objects = rendered(EVERYTHING)
    job, brought = one(objects, "Job"), one(objects, "ConfigMap", "-migration")
    for each in (job, brought):
        assert each["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    weights = [int(each["metadata"]["annotations"]["helm.sh/hook-weight"]) for each in (brought, job)]
    assert weights[0] < weights[1]
    spec = pod(objects, "migration")
    [config] = [v for v in spec["volumes"] if v["name"] == "config"]
    assert config["projected"]["sources"][0] == {"configMap": {"name": brought["metadata"]["name"]}}
    assert brought["data"] == one(objects, "ConfigMap", "watch")["data"]
    assert not any("persistentVolumeClaim" in volume for volume in spec["volumes"])


def test_the_doctor_is_the_test_of_a_release() -> None:
    doctor = one(rendered(MINIMAL), "Pod", "-doctor")
    assert doctor["metadata"]["annotations"]["helm.sh/hook"] == "test"
    assert doctor["spec"]["restartPolicy"] == "Never"


def test_a_changed_configuration_restarts_what_reads_it(tmp_path: Path) -> None:
    def sums(objects: list[Object]) -> set[str]:
        return {metadata["annotations"]["checksum/config"] for name, metadata, _ in pods(objects) if name != "doctor"}

    before, after = sums(rendered(MINIMAL)), sums(helm.rendered_with(tmp_path, {"budget": {"alertsPerDay": 3}}))
    assert len(before) == len(after) == 1
    assert before != after


def test_workers_share_one_volume_or_have_one_each() -> None:
    alone, shared = rendered(MINIMAL), rendered(EVERYTHING)
    [template] = one(alone, "StatefulSet")["spec"]["volumeClaimTemplates"]
    assert template["spec"]["accessModes"] == ["ReadWriteOnce"]
    assert one(alone, "PersistentVolumeClaim")["spec"]["accessModes"] == ["ReadWriteOnce"]
    assert "volumeClaimTemplates" not in one(shared, "StatefulSet")["spec"]
    claim = one(shared, "PersistentVolumeClaim")
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]
    assert claim["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"


def test_without_a_correlator_of_its_own_the_workers_do_its_work() -> None:
    [container] = pod(rendered(MINIMAL), "worker")["containers"]
    [alone] = pod(rendered(MINIMAL, "--set", "correlator.enabled=false"), "worker")["containers"]
    assert container["args"] == ["run", "--role", "worker"]
    assert alone["args"] == ["run", "--role", "all"]


def test_a_router_runs_where_a_source_is_not_keyed_by_principal(tmp_path: Path) -> None:
    def routers(*sources: Object, **more: object) -> set[str]:
        objects = helm.rendered_with(tmp_path, {"sources": list(sources), **more})
        return {" ".join(spec["containers"][0]["args"]) for name, _, spec in pods(objects) if name == "router"}

    assert routers({"topic": "a"}, {"topic": "b", "format": "native"}) == set()
    assert routers({"topic": "a"}, {"topic": "b", "format": "kserve"}) == {"run --role router"}
    assert routers({"topic": "a", "format": "native", "routed": True}) == {"run --role router"}
    assert routers({"topic": "b", "format": "kserve", "routed": False}) == set()
    assert routers({"topic": "b", "format": "kserve"}, correlator={"enabled": False}) == set()
    assert one(rendered(EVERYTHING), "StatefulSet", "-router")["spec"]["replicas"] == 2


def test_alerts_are_pushed_by_one_courier_where_there_are_outlets_and_by_nobody_twice() -> None:
    [container] = pod(rendered(EVERYTHING), "courier")["containers"]
    assert container["args"] == ["run", "--role", "outlets"]
    assert one(rendered(EVERYTHING), "Deployment", "-courier")["spec"]["replicas"] == 1
    assert "courier" not in {component for component, _, _ in pods(rendered(MINIMAL))}
    alone = rendered(EVERYTHING, "--set", "correlator.enabled=false")
    assert "courier" not in {component for component, _, _ in pods(alone)}


def test_what_no_receiver_would_take_is_kept_with_the_snapshots_where_these_are_shared(tmp_path: Path) -> None:
    def letters(objects: list[Object]) -> Object:
        return next(v for v in pod(objects, "courier")["volumes"] if v["name"] == "letters")

    assert "persistentVolumeClaim" in letters(rendered(EVERYTHING))
    alone = helm.rendered_with(tmp_path, {"outlets": [{"name": "soc", "url": "https://soc.example/"}]})
    assert "emptyDir" in letters(alone)
