#!/usr/bin/env python3
"""Checks a running coordinator against its own OpenAPI document, with Schemathesis.

Usage: check_api.py COORDINATOR_PROGRAM. Starts the program on a fresh data directory with something in it, lets Schemathesis ask every
operation for what is described and for what is not, and exits with 1 if an answer is not as promised. The same questions every time.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

PATIENCE_S = 30
# Streams that stay open, and what may be asked for a million jobs; they have tests of their own.
NOT_ASKED = ["stream_events", "open_worker_session", "submit_noop_study"]
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
          "response_schema_conformance", "negative_data_rejection", "ignored_auth", "unsupported_method"]


def wait_for_address(program: subprocess.Popen, file: pathlib.Path) -> str:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if program.poll() is not None:
            sys.exit(f"the coordinator ended with {program.returncode}")
        if file.exists():
            return json.loads(file.read_text())["url"]
        time.sleep(0.02)
    sys.exit(f"the coordinator did not listen within {PATIENCE_S} s")


def post(url: str, token: str, path: str, body: dict) -> None:
    request = urllib.request.Request(url + path, json.dumps(body).encode(), {"Authorization": f"Bearer {token}"})
    urllib.request.urlopen(request).close()


def check(url: str, token: str, folder: str) -> int:
    tool = pathlib.Path(sys.executable).parent / "schemathesis"
    arguments = [tool, "run", f"{url}/openapi.json", "--header", f"Authorization:Bearer {token}", "--checks", ",".join(CHECKS),
                 "--phases", "examples,coverage,fuzzing", "--max-examples", "8", "--seed", "1", "--generation-deterministic",
                 "--suppress-health-check", "all", "--request-timeout", "20", "--no-color",
                 "--warnings", "off"]
    for operation in NOT_ASKED:
        arguments += ["--exclude-operation-id", operation]
    return subprocess.run(arguments, check=False, cwd=folder).returncode  # it keeps notes where it runs


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="checkerlab-api-") as folder:
        data = pathlib.Path(folder) / "data"
        log = open(pathlib.Path(folder) / "log", "w")
        program = subprocess.Popen([sys.argv[1], "--data", data, "--listen", "127.0.0.1:0"], stderr=log)
        try:
            url = wait_for_address(program, data / "coordinator.json")
            token = (data / "token").read_text().strip()
            post(url, token, "/api/v1/noop_studies", {"name": "some", "count": 3})
            return check(url, token, folder)
        finally:
            program.terminate()
            program.wait(PATIENCE_S)


if __name__ == "__main__":
    sys.exit(main())
