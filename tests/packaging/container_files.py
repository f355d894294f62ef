"""The checks of container_files_test.sh: python container_files.py NARU SOURCE."""
import copy
import json
import os
import re
import subprocess
import sys
import tempfile

import kubernetes_validate
import yaml
from compose_spec import PyCompose

NARU, SOURCE = sys.argv[1], os.path.abspath(sys.argv[2])
COMPOSE = os.path.join(SOURCE, "compose")
KUBERNETES = ("1.28.0", "1.37.0")  # the oldest and the newest that must take the files
counts = {True: 0, False: 0}


def check(what, problem):
    """problem: None, or what is wrong."""
    counts[problem is None] += 1
    if problem is not None:
        print(f"FAILED: {what}\n    {problem}")


def equal(wanted, got):
    return None if wanted == got else f"wanted {wanted!r}, got {got!r}"


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def run(args, environment=None, cwd=None):
    """A program's (exit code, what it said)."""
    done = subprocess.run(args, env={"PATH": os.environ["PATH"], **(environment or {})}, cwd=cwd,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


# ---- compose ----

def interpolate(node, variables):
    """${NAME:-default}, as compose puts it in."""
    if isinstance(node, dict):
        return {k: interpolate(v, variables) for k, v in node.items()}
    if isinstance(node, list):
        return [interpolate(v, variables) for v in node]
    if isinstance(node, str):
        return re.sub(r"\$\{(\w+):-([^}]*)\}", lambda m: variables.get(m[1], m[2]), node)
    return node


def compose_problem(project):
    """What the parser of the compose specification says of it, or None."""
    try:
        PyCompose.from_json(json.dumps(project)).validate()
    except ValueError as why:
        return str(why)
    return None


def depends_problem(project):
    """A service that is waited for exists, and can be what it is waited for to be."""
    services = project["services"]
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            if other not in services:
                return f"{name} waits for {other}, which is not there"
            if how["condition"] == "service_healthy" and "healthcheck" not in services[other]:
                return f"{name} waits for {other} to be healthy, which nobody checks"
            if how["condition"] == "service_completed_successfully" and services[other].get("restart"):
                return f"{name} waits for the end of {other}, which is started again"
    return None


def volume_problem(project):
    """Each volume by name is declared, and each declared one is used."""
    used = {v.split(":")[0] for s in project["services"].values() for v in s.get("volumes", [])}
    return equal(set(project["volumes"]), {v for v in used if not v.startswith((".", "/"))})


def command_problem(service):
    """Its arguments are options that the program has: it reads them all before it comes to --help."""
    code, said = run([NARU, *service["command"], "--help"])
    return None if code == 0 else said


def settings_problem(environment, conf=None):
    with tempfile.TemporaryDirectory() as empty:
        args = [NARU, "bridge", "--print-config"]
        if conf is not None:
            args += ["-c", os.path.join(empty, "flow.conf")]
            with open(args[-1], "w", encoding="utf-8") as file:
                file.write(conf)
        code, said = run(args, environment, empty)
    return None if code == 0 else said


def check_compose():
    project = interpolate(yaml.safe_load(read(f"{COMPOSE}/compose.yaml")), {})
    services = project["services"]
    check("compose.yaml is one", compose_problem(project))
    check("who is waited for is there", depends_problem(project))
    check("volumes are declared and used", volume_problem(project))
    for damage in ({"restrat": "always"}, {"ports": ["x:y:z:q"]}, {"volumes": [17]},
                   {"depends_on": {"kafka-1": {"condition": "service_happy"}}}):
        bad = copy.deepcopy(project)
        bad["services"]["replay"].update(damage)
        check(f"and would not be with {damage}", None if compose_problem(bad) else "it was taken")
    for name, service in services.items():
        for port in service.get("ports", []):
            check(f"{name}: {port} is open to this machine only", None if port.startswith("127.0.0.1:") else port)
        if service["image"] == "naru":
            check(f"{name}: its command line", command_problem(service))
            check(f"{name}: its settings", settings_problem(service["environment"]))
            check(f"{name}: cannot write or gain rights", equal(
                (True, ["ALL"], ["no-new-privileges:true"]),
                (service["read_only"], service["cap_drop"], service["security_opt"])))
        elif not service.get("healthcheck"):
            check(f"{name}: is looked after", "no healthcheck")
    check("three brokers", equal(3, sum(name.startswith("kafka-") for name in services)))
    brokers = [name for name in services if name.startswith("kafka-")]
    check("whose numbers differ", equal(3, len({services[n]["environment"]["KAFKA_NODE_ID"] for n in brokers})))
    check("and whose keys are the same", equal(1, len({tuple(services[n]["environment"]) for n in brokers})))
    for image, pom in (("apache/kafka", "kafka"), ("elasticsearch", "es8"), ("kibana", "es8")):
        version = re.search(r"<version>([^<]+)", read(f"{COMPOSE}/lab.d/{pom}/pom.xml"))[1]
        check(f"{image} is the version that the lab tests with",
              None if any(s["image"] == f"{image}:{version}" for s in services.values()) else f"not {version}")


# ---- Dockerfile ----

def lint_problem(path):
    code, said = run(["hadolint", "--failure-threshold", "style", path])
    return None if code == 0 else said or f"exit code {code}"


def check_dockerfile():
    text = read(f"{COMPOSE}/Dockerfile")
    check("hadolint finds nothing", lint_problem(f"{COMPOSE}/Dockerfile"))
    with tempfile.NamedTemporaryFile("w", suffix=".Dockerfile") as bad:
        bad.write(text.replace("debian:bookworm-slim\n", "debian:latest\n").replace("USER 10001:10001", "USER root"))
        bad.flush()
        check("and would of one that is careless", None if lint_problem(bad.name) else "it was taken")
    for kind, option in (("configurePresets", "cmake"), ("buildPresets", "--build"), ("packagePresets", "cpack")):
        presets = {p["name"] for p in json.loads(read(f"{SOURCE}/CMakePresets.json"))[kind]}
        named = re.search(option + r" --preset (\w+)", text)[1]
        check(f"preset {named} is there", None if named in presets else f"only {presets}")
    for source in re.findall(r"^COPY (?!--|\.)(\S+)", text, re.M):
        check(f"{source} is there", None if os.path.exists(os.path.join(SOURCE, source)) else "it is not")
    check("it does not run as root", None if re.search(r"^USER [1-9]\d*:[1-9]\d*$", text, re.M) else "no USER of a number")


# ---- Kubernetes ----

def schema_problem(resource, version):
    try:
        kubernetes_validate.validate(resource, version, strict=True)
    except kubernetes_validate.ValidationError as why:
        return f"{version}: {why}"
    return None


def pod_of(resource):
    return resource["spec"]["template"]["spec"] if resource["kind"] in ("Deployment", "Job") else None


def secret_problem(pod, secret):
    """Each key that a container asks for, and each file that the configuration names, is in the secret."""
    for container in pod["containers"]:
        for variable in container.get("env", []):
            reference = variable["valueFrom"]["secretKeyRef"]
            if reference["key"] not in secret["stringData"]:
                return f"{variable['name']}: no key {reference['key']}"
    return None


def check_kubernetes():
    resources = []
    names = sorted(os.listdir(f"{COMPOSE}/kubernetes"))
    # A folder is applied whole, and would put placeholders over the secret that is in use.
    check("the example of a secret is passed over by kubectl",
          None if "secret.yaml.example" in names and "secret.yaml" not in names else "it is not")
    for name in names:
        resources += [(name, r) for r in yaml.safe_load_all(read(f"{COMPOSE}/kubernetes/{name}"))]
    kinds = {r["kind"]: r for _, r in resources}
    version = re.search(r"project\(naru VERSION ([0-9.]+)", read(f"{SOURCE}/CMakeLists.txt"))[1]
    secret, conf = kinds["Secret"], kinds["ConfigMap"]["data"]["naru.conf"]

    for name, resource in resources:
        for kubernetes in KUBERNETES:
            check(f"{name}: {resource['kind']} for {kubernetes}", schema_problem(resource, kubernetes))
    bad = copy.deepcopy(kinds["Deployment"])
    bad["spec"]["replicsa"] = 3
    check("a Deployment with a slip would not pass", None if schema_problem(bad, KUBERNETES[1]) else "it was taken")

    for kind in ("Deployment", "Job"):
        pod = pod_of(kinds[kind])
        container = pod["containers"][0]
        check(f"{kind}: its command line", command_problem({"command": container["args"]}))
        check(f"{kind}: its settings", settings_problem(
            {variable["name"]: "x" for variable in container["env"]}, conf))
        check(f"{kind}: its secrets", secret_problem(pod, secret))
        check(f"{kind}: its image", equal(f"naru:{version}", container["image"]))
        check(f"{kind}: is not root and cannot write", equal((True, True, False, ["ALL"]), (
            pod["securityContext"]["runAsNonRoot"], container["securityContext"]["readOnlyRootFilesystem"],
            container["securityContext"]["allowPrivilegeEscalation"],
            container["securityContext"]["capabilities"]["drop"])))
    for path in re.findall(r"/run/secrets/naru/(\S+)", conf):
        check(f"{path} is in the secret", None if path in secret["stringData"] else "it is not")
    labels = kinds["Deployment"]["spec"]["template"]["metadata"]["labels"]
    for kind, selector in (("Deployment", kinds["Deployment"]["spec"]["selector"]["matchLabels"]),
                           ("PodDisruptionBudget", kinds["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"]),
                           ("Service", kinds["Service"]["spec"]["selector"])):
        check(f"{kind} means the bridge's pods", equal(selector, {k: labels.get(k) for k in selector}))
    job = kinds["Job"]["spec"]["template"]["metadata"]["labels"]
    check("and not the job's", None if any(job.get(k) != v for k, v in labels.items()) else "the same labels")


check_compose()
check_dockerfile()
check_kubernetes()
print(f"{counts[True]} passed, {counts[False]} failed")
sys.exit(1 if counts[False] else 0)
