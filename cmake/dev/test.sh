# All tests. Sourced by ./dev.

# The browser of the page's tests: Debian's package, or whatever Chromium the system has.
find_browser() {
  CHECKERLAB_CHROMIUM=${CHECKERLAB_CHROMIUM:-$(command -v chromium chromium-browser google-chrome | head -1)}
  [ -n "$CHECKERLAB_CHROMIUM" ] || die "no Chromium found; install one, or name it in CHECKERLAB_CHROMIUM"
  export CHECKERLAB_CHROMIUM
}

run_all_tests() {
  setup_all
  setup_api_check
  find_browser
  build_preset dev
  check_fast
  say "C++ unit, end-to-end and fault tests"
  ctest --test-dir "$ROOT/build/dev" --output-on-failure --no-tests=error
  say "API: answers against the OpenAPI document"
  "$API_CHECK/bin/python" "$ROOT/tests/api/check_api.py" "$ROOT/build/bin/checkerlab-coordinator"
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
  setup_for_build
  build_preset release checkerlab checkerlab-coordinator checkerlab-worker noop_bench
  "$ROOT/bench/baseline.sh" "$ROOT/build/bin"
}
