#!/usr/bin/env python3
"""Checks the layering of the rooms from the real includes.

A room may include only its own headers and those of the rooms named here; third-party headers that a room must never see are
refused as well, and headers that are too large to be included anywhere. Prints every violation with its line and exits 1 if
there is any.
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Room (the longest matching path prefix) → rooms it may use.
ALLOWED = {
    "base": set(),
    "schemas": {"base"},
    "sweeps": {"base", "schemas"},
    "rpc": {"base", "schemas"},
    "libmodel": {"base"},
    "coordinator/scheduler": {"base"},
    "coordinator": {"base", "schemas", "sweeps", "rpc", "coordinator/scheduler"},
    "worker/protocol": {"base"},
    "worker/agent": {"base", "schemas", "rpc", "worker/protocol"},
    "worker/runner": {"base", "worker/protocol"},
    "worker/jobs": {"base", "libmodel", "worker/runner", "worker/protocol"},
    "worker/verbs": {"base", "schemas", "sweeps", "libmodel", "worker/jobs"},
    "worker": {"base", "rpc", "worker/agent", "worker/protocol", "worker/runner", "worker/jobs", "worker/verbs"},
    "cli": {"base", "schemas", "sweeps", "rpc"},
    "tests": {"*"},
    "bench": {"*"},
}
TORCH = r"(torch|ATen|c10|cuda\w*)[/.]"
ASIO = r"boost/(asio|beast)"
SQLITE = r"(SQLiteCpp/|sqlite3\.h)"
FORBIDDEN = {
    "base": [TORCH, ASIO, SQLITE],
    "schemas": [TORCH, ASIO, SQLITE],
    "sweeps": [TORCH, ASIO, SQLITE],
    "rpc": [TORCH, SQLITE],
    "libmodel": [ASIO, SQLITE],
    "coordinator/scheduler": [TORCH, ASIO, SQLITE, "nlohmann/", "fstream"],
    "coordinator": [TORCH],
    "worker/agent": [TORCH, SQLITE],
    "worker/runner": [TORCH, ASIO, SQLITE],
    "worker/jobs": [ASIO, SQLITE],
    "worker/verbs": [ASIO, SQLITE],
    "worker": [SQLITE],
    "cli": [TORCH, SQLITE],
}
# Everywhere, tests too: these bring all of a library where a part would do, and every file pays seconds for it.
TOO_MUCH = {"torch/torch.h": "torch/types.h for tensors, torch/utils.h for guards, torch/nn/modules/… for modules"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def room_of(path: str) -> str | None:
    fitting = [room for room in ALLOWED if path == room or path.startswith(room + "/")]
    return max(fitting, key=len) if fitting else None


def violations(path: str) -> list[str]:
    room = room_of(path)
    if room is None:
        return [f"{path}: belongs to no room; name it in tests/layering/check_layering.py"]
    of_room = not ("*" in ALLOWED[room] or path.endswith("_test.cpp") or "/testing/" in path)
    found = []
    for number, line in enumerate((ROOT / path).read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        header = match.group(2)
        if header in TOO_MUCH:
            found.append(f"{path}:{number}: instead of {header} include {TOO_MUCH[header]}")
        if not of_room:
            continue
        target = room_of(header)
        if match.group(1) == '"' and target not in (None, room) and target not in ALLOWED[room]:
            found.append(f"{path}:{number}: {room} may not use {target} ({header})")
        if any(re.match(pattern, header) for pattern in FORBIDDEN.get(room, [])):
            found.append(f"{path}:{number}: {room} may not include {header}")
    return found


def main() -> int:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.cpp", "*.hpp", "*.cu", "*.cuh"],
        cwd=ROOT, check=True, capture_output=True, text=True)
    files = [f for f in listed.stdout.split() if (ROOT / f).exists()]
    found = [problem for path in files for problem in violations(path)]
    print("\n".join(found) if found else f"layering: {len(files)} files, no violation")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
