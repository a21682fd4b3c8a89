#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets into corpus/TARGET/: the real formats, small. Findings that are kept as seeds
(named found-*) are left alone."""
import io
import json
import pathlib
import struct
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DATA = ROOT / "tests/data"
KEY, HASH = "a" * 64, "b" * 64
ATTEMPT = {"key": KEY, "attempt": 3}


def write(target: str, name: str, content: bytes | str) -> None:
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def http() -> None:
    head = " HTTP/1.1\r\nHost: lab.example:8765\r\nAuthorization: Bearer owners-token\r\n"
    study = b'{"definition":"name: x","overrides":["seed=1"]}'
    requests = {
        "list": f"GET /api/v1/studies/a%20b/jobs?cursor=3.1200&limit=5&failed=true{head}\r\n",
        "head": f"HEAD /api/v1/studies/x/jobs{head}Connection: close\r\n\r\n",
        "submit": f"POST /api/v1/studies{head}Content-Length: {len(study)}\r\n\r\n{study.decode()}",
        "chunked": f"POST /api/v1/studies{head}Transfer-Encoding: chunked\r\n\r\n2f;a=b\r\n{study.decode()}\r\n0\r\n\r\n",
        "expect": f"POST /api/v1/studies{head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{{}}",
        "range": f"GET /api/v1/artifacts/{HASH}{head}Range: bytes=5-18446744073709551615\r\n\r\n",
        "pipelined": f"GET /{head}\r\nGET /assets/x.js{head}Range: bytes=-5\r\n\r\nGET /api/v1{head}\r\n",
        "cookie": "POST /api/v1/studies HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\n"
                  "Cookie: a=b; checkerlab_session=1800003600.owner.00; c=d\r\nContent-Length: 2\r\n\r\n[]",
        "old": "GET / HTTP/1.0\r\nHost: [::1]:80\r\n\r\n",
        "method": f"BREW /api/v1/studies/x/jobs{head}\r\n",
    }
    for name, text in requests.items():
        write("http", name, text)


def worker_messages() -> list[dict]:
    device = {"type": "cuda", "name": "H100", "memory_bytes": 80 << 30, "count": 1}
    result = {"metrics": {"fid": 1.5}, "artifacts": [{"name": "model", "sha256": HASH, "bytes": 9}],
              "identity": {"code_version": "1"}}
    failure = {"code": "out_of_memory", "message": "no", "fix": "less", "signal": 9, "retryable": True, "log_tail": ["a"]}
    load = {"index": 0, "busy": 0.5, "memory_used_bytes": 1, "memory_bytes": 2}
    messages = [
        {"type": "hello", "name": "w", "instance": "i", "version": "1", "slots": 2, "prefetch": 4, "kinds": ["noop"],
         "device": device, "held": [ATTEMPT], "labels": {"gpu": "h100"}},
        {"type": "heartbeat", "attempts": [ATTEMPT], "devices": [load]},
        {"type": "attempt_started", **ATTEMPT, "ready_seconds": 0.25},
        {"type": "progress", **ATTEMPT, "done": 1, "total": 2, "unit": "steps", "message": "ü"},
        {"type": "curve", **ATTEMPT, "points": [{"series": "loss", "step": 1, "value": 0.5}]},
        {"type": "log", **ATTEMPT, "lines": [{"time": "2026-01-01T00:00:00Z", "level": "info", "text": "x"}]},
        {"type": "checkpoint", **ATTEMPT, "step": 7, "artifact": {"name": "checkpoint", "sha256": HASH, "bytes": 10}},
        {"type": "attempt_finished", **ATTEMPT, "outcome": "succeeded", "result": result},
        {"type": "attempt_finished", **ATTEMPT, "outcome": "failed", "error": failure},
        {"type": "gang_listening", **ATTEMPT, "host": "10.0.0.1", "port": 2000},
    ]
    return [{"v": 1, **message} for message in messages]


def coordinator_messages() -> list[dict]:
    job = {**ATTEMPT, "spec": {"kind": "noop", "recipe": 1, "inputs": {}, "params": {"index": 1}}, "hints": {"batch": 4},
           "inputs": {"dataset": {"key": KEY, "artifacts": {"d": {"sha256": HASH, "bytes": 1}}, "metrics": {"n": 1}}},
           "checkpoint": {"sha256": HASH, "bytes": 2, "step": 3}, "gang": {"rank": 0, "size": 2, "secret": "s"}}
    problem = {"type": "urn:checkerlab:problem:not_found", "title": "No", "status": 404, "detail": "d", "fix": "f",
               "errors": [{"line": 1, "column": 2, "path": "a", "message": "m", "fix": "f"}]}
    messages = [
        {"type": "welcome", "worker_id": "id", "lease_seconds": 15, "heartbeat_seconds": 5},
        {"type": "assign", "jobs": [job]},
        {"type": "cancel", **ATTEMPT, "reason": "study_cancelled"},
        {"type": "ack", "acks": [{**ATTEMPT, "accepted": True, "reason": ""}]},
        {"type": "gang_address", **ATTEMPT, "host": "10.0.0.1", "port": 2000},
        {"type": "drain"},
        {"type": "error", "problem": problem},
    ]
    return [{"v": 1, **message} for message in messages]


def frame(payload: bytes, opcode: int = 1, last: bool = True) -> bytes:
    """A client's frame whose mask changes nothing, so that its text stays readable."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack(">H", size)
    return bytes([(0x80 if last else 0) | opcode]) + length + bytes(4) + payload


def websocket() -> None:
    messages = worker_messages()
    for message in messages + coordinator_messages():
        name = message["type"] + ("-failed" if message.get("outcome") == "failed" else "")
        write("websocket", name, json.dumps(message, ensure_ascii=False))
    batch = json.dumps({"v": 1, "type": "batch", "messages": messages[2:5]}).encode()
    write("websocket", "batch", batch)
    write("websocket", "frame", frame(json.dumps(messages[0]).encode()))
    write("websocket", "fragments", frame(batch[:40], last=False) + frame(b"ping", 9) + frame(batch[40:], 0))
    write("websocket", "close", frame(json.dumps(messages[1]).encode()) + frame(struct.pack(">H", 1000) + b"bye", 8))
    write("websocket", "huge", b"\x81\xff" + struct.pack(">Q", 1 << 62) + bytes(8))


def runner() -> None:
    lines = [
        {"type": "ready", "kinds": ["noop", "train_model"]},
        {"type": "progress", **ATTEMPT, "done": 1, "total": 2, "unit": "steps", "message": "m"},
        {"type": "curve", **ATTEMPT, "points": [["loss", 5, 0.25]]},
        {"type": "log", **ATTEMPT, "level": "info", "text": "a\nb"},
        {"type": "checkpoint", **ATTEMPT, "step": 9, "path": "/s/c"},
        {"type": "done", **ATTEMPT, "metrics": {"fid": 1.5}, "identity": {"code_version": "1"}, "artifacts": {"g": "/s/g"}},
        {"type": "failed", **ATTEMPT, "code": "c", "message": "m", "fix": "f", "retryable": True},
        {"type": "cancelled", **ATTEMPT},
        {"type": "run", **ATTEMPT, "spec": {"kind": "noop", "params": {"mode": "ok"}}, "hints": {"batch": 4}, "device": "cpu",
         "scratch": "/s", "inputs": {"d": {"key": KEY, "files": {"f": {"path": "/c", "sha256": HASH}}, "metrics": {"n": 4}}},
         "resume": {"path": "/c", "step": 12}},
        {"type": "cancel", **ATTEMPT},
    ]
    for line in lines:
        write("runner", line["type"], json.dumps(line) + "\n")
    write("runner", "several", "".join(json.dumps(line) + "\n" for line in lines[5:8]))


def yaml() -> None:
    small = (ROOT / "sweeps/testing/study.yaml").read_text()
    write("yaml", "study", small)
    write("yaml", "recipe", "#recipe\n" + (ROOT / "sweeps/testing/recipe.yaml").read_text())
    for name in ("cifar10/search", "cifar10/s", "paper/fig4a", "paper/table2"):
        write("yaml", name.replace("/", "-"), (ROOT / f"sweeps/{name}.yaml").read_text())
    write("yaml", "overrides", small + "#=sweep.ratios=[2]\n#=sweep.ratios.0=single\n#=model.train.steps=1e3\n#=title=\"x\"\n")
    write("yaml", "endless", "a: &a [*a]\n#=sweep.ratios=&a [*a]\n")
    write("yaml", "anchors", "a: &x [1, 2]\nb: *x\n? c\n: {d: !!str 1, e: .inf, f: 0x10, \"g\": ~}\n--- \n")


def specs() -> dict[str, dict]:
    """A job of every kind whose spec is written down easily."""
    shard = {"steps_per_scale": 2, "guidance": 0.5, "guidance_start_step": 0, "temperature": 1, "seed": 0, "begin": 0,
             "end": 250, "precision": "fp32"}
    return {
        "noop": {"kind": "noop", "recipe": 1, "inputs": {}, "params": {"index": 1, "mode": "steps", "steps": 5}},
        "shard": {"kind": "evaluate_shard", "recipe": 1, "inputs": {"tokenizer": KEY, "model": KEY, "network": KEY},
                  "params": shard},
        "training": {"kind": "train_model", "recipe": 1, "inputs": {"tokenizer": KEY, "tokens.016": KEY},
                     "params": {"ratio": "2", "sizes": [1, 2, 4, 8], "layers": 3, "width": 96}},
    }


def json_bodies() -> None:
    study = (ROOT / "sweeps/testing/study.yaml").read_text()
    bodies = {
        "submission": {"definition": study, "filename": "study.yaml", "overrides": ["seed=1", "sweep.ratios=[2]"],
                       "priority": 5, "deadline": "2027-01-31T12:00:00Z", "owner": "ann"},
        "files": {"definition": study, "dataset": {"path": "/d", "content_sha256": HASH, "images": 100},
                  "files": [{"place": "tokenizer.file", "path": "/t", "sha256": HASH}]},
        "order": {"priority": -100, "deadline": None},
        "values": {"a": [1, 2.5, "x\u00e4", None, True, {"b": {}}], "c": -0.0, "d": 1e300, "e": 18446744073709551615},
        "problem": coordinator_messages()[-1]["problem"],
        "result": worker_messages()[7]["result"],
        "failure": worker_messages()[8]["error"],
        **specs(),
    }
    for name, body in bodies.items():
        write("json", name, json.dumps(body))
    write("json", "deep", '{"title":"t","errors":' + "[" * 101 + "]" * 101 + "}")


def field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2, len(content)]) + content


def graph() -> bytes:
    shape = field(2, b"\x08\x02")
    tensor = b"\x08\x01" + field(2, shape) + field(4, struct.pack("<2f", 1, 2))
    repeated = b"\x08\x01" + field(2, shape) + field(5, struct.pack("<f", 3))
    nodes = [field(1, b"x") + field(2, b"Const") + field(5, field(1, b"value") + field(2, field(8, value)))
             for value in (tensor, repeated)]
    nodes[1] = nodes[1].replace(b"\x0a\x01x", b"\x0a\x01y", 1)
    norm = field(1, b"n") + field(5, field(1, b"epsilon") + field(2, b"\x25" + struct.pack("<f", 0.25)))
    return b"".join(field(1, node) for node in nodes + [norm])


def deflated(pickle: bytes) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/x.txt", b"to be packed " * 20)
        archive.writestr(zipfile.ZipInfo("a/data.pkl"), pickle, zipfile.ZIP_STORED)
    return memory.getvalue()


def checkpoint() -> None:
    for file in sorted((DATA / "torch_files").glob("*.p*t*")):
        if file.suffix in (".pth", ".pt"):
            write("checkpoint", file.name, file.read_bytes())
    pickles = {"zip": DATA / "torch_files/zip.pth", "protocol4": DATA / "torch_files/protocol4.pth",
               "script": DATA / "torch_files/torchscript.pt"}
    for name, path in pickles.items():
        with zipfile.ZipFile(path) as archive:
            inner = next(entry for entry in archive.namelist() if entry.endswith("data.pkl"))
            content = archive.read(inner)
        write("checkpoint", f"{name}.pkl", content)
        if name == "zip":
            write("checkpoint", "deflated.zip", deflated(content))
    header = json.dumps({"__metadata__": {"kind": "model"}, "a": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]},
                         "b": {"dtype": "U8", "shape": [3], "data_offsets": [8, 11]}}).encode()
    write("checkpoint", "tensors.safetensors", struct.pack("<Q", len(header)) + header + bytes(11))
    write("checkpoint", "graph.pb", graph())


for make in (http, websocket, runner, yaml, json_bodies, checkpoint):
    make()
