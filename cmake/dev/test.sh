# All tests. Sourced by ./dev.

# The browser of the page's tests: Debian's package, or whatever Chromium the system has.
find_browser() {
  CHECKERLAB_CHROMIUM=${CHECKERLAB_CHROMIUM:-$(command -v chromium chromium-browser google-chrome | head -1)}
  [ -n "$CHECKERLAB_CHROMIUM" ] || die "no Chromium found; install one, or name it in CHECKERLAB_CHROMIUM"
  export CHECKERLAB_CHROMIUM
}

# What failed is printed once more at the end, without the thousands of cases that passed beside it.
run_cpp_tests() {
  ctest --test-dir "$ROOT/build/dev" --output-on-failure --no-tests=error && return
  say "The cases that failed"
  failed_cases "$ROOT/build/dev/Testing/Temporary/LastTest.log" >&2
  die "tests failed; the whole output is in build/dev/Testing/Temporary/LastTest.log"
}

# From a log of GoogleTest: what each case printed that failed or took its program down, at most so many lines of it.
failed_cases() {
  awk -v most=40 '
    function show() { for (i = 0; i < count; ++i) print lines[i] }
    /^\[ RUN      \]/ { running = 1; count = 0 }
    running && count < most { lines[count++] = $0 }
    /^\[  FAILED  \] .* \([0-9]+ ms\)$/ && running { show(); if (count == most) print $0; running = 0 }
    /^\[( +OK|  SKIPPED) / { running = 0 }
    /^<end of output>/ && running { show(); print "(its program ended here)"; running = 0 }' "$1"
}

run_all_tests() {
  setup_all
  setup_venv api-check "$ROOT/tests/api/requirements.txt"
  find_browser
  build_preset dev
  check_fast
  say "C++ unit, end-to-end and fault tests"
  run_cpp_tests
  say "API: answers against the OpenAPI document"
  "$VENV/bin/python" "$ROOT/tests/api/check_api.py" "$ROOT/build/bin/checkerlab-coordinator"
  say "Page: unit tests"
  (cd "$ROOT/web" && npm test --silent)
  say "Page: browser tests"
  (cd "$ROOT/web" && npm run --silent browser)
  say "All tests passed"
}

run_soak() {
  setup_for_build
  build_preset dev simulation_soak
  "$ROOT/build/dev/bin/simulation_soak" "$@"
}

run_bench() {
  local what=${1:-baseline}
  shift || true
  case $what in
    baseline)
      setup_for_build
      build_preset release checkerlab checkerlab-coordinator checkerlab-worker coordinator_bench
      "$ROOT/bench/baseline.sh" "$ROOT/build/bin"
      ;;
    coordinator) run_coordinator_bench "$@" ;;
    gpu) run_gpu_bench "$@" ;;
    *) die "unknown benchmark '$what'; there are: baseline, coordinator, gpu" ;;
  esac
}

# The coordinator with real processes, HyperQueue beside it; arguments go to coordinator_bench (--help lists them).
run_coordinator_bench() {
  setup_for_build
  setup_venv hyperqueue "$ROOT/bench/coordinator/requirements.txt"
  build_preset release checkerlab-coordinator checkerlab-worker coordinator_bench
  "$ROOT/build/release/bin/coordinator_bench" "$ROOT/build/bin" --hyperqueue "$VENV/bin/python" \
    --hyperqueue-script "$ROOT/bench/coordinator/hyperqueue_rate.py" "$@"
}

# Training over 1, 2, 4, … GPUs of this machine: run_gpu_bench [--gpus N|all], further arguments go to training_bench.
run_gpu_bench() {
  local gpus=all there
  if [ "${1:-}" = --gpus ]; then
    gpus=${2:-}
    shift 2 || die "--gpus needs a number or 'all'"
  fi
  there=$( (nvidia-smi -L 2>/dev/null || true) | grep -c '^GPU' || true)
  [ "$there" -gt 0 ] || die "no GPU here: 'nvidia-smi -L' lists none"
  [ "$gpus" = all ] && gpus=$there
  [[ $gpus =~ ^[1-9][0-9]*$ ]] && [ "$gpus" -le "$there" ] || die "--gpus '$gpus': give a number from 1 to $there, or 'all'"
  local ranks=1 n
  for ((n = 2; n <= gpus; n *= 2)); do ranks+=,$n; done
  setup_for_build
  build_preset release training_bench
  nvidia-smi --query-gpu=name,driver_version --format=csv,noheader
  "$ROOT/build/release/bin/training_bench" --ranks "$ranks" "$@"
}
