#!/usr/bin/env bash
# The baseline figures of one machine: sizes of the release programs and noop jobs per second. Usage: baseline.sh BIN_DIR
set -euo pipefail
bin=$(readlink -f "$1")
for program in checkerlab checkerlab-coordinator checkerlab-worker; do
  file=$(readlink -f "$bin/$program")
  printf '%-24s %8.1f MiB\n' "$program" "$(stat -c %s "$file" | awk '{print $1 / 1048576}')"
done
"$(dirname "$(readlink -f "$bin/checkerlab")")/coordinator_bench" "$bin" --only throughput
