#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets into corpus/TARGET/: the real formats, small. Findings that are kept as seeds
(named found-*) are left alone."""
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
KEY, HASH = "a" * 64, "b" * 64
ATTEMPT = {"key": KEY, "attempt": 3}


def write(target: str, name: str, content: bytes | str) -> None:
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


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


for make in (runner, yaml):
    make()
