# All tests. Sourced by ./dev.

run_all_tests() {
  setup_all
  build_preset dev
  check_fast
  say "C++ unit, end-to-end and fault tests"
  ctest --test-dir "$ROOT/build/dev" --output-on-failure --no-tests=error
  say "Page: unit tests"
  (cd "$ROOT/web" && npm test --silent)
  say "Page: browser tests"
  (cd "$ROOT/web" && npm run --silent browser)
  say "All tests passed"
}

run_bench() {
  setup_for_build
  build_preset release
  "$ROOT/bench/baseline.sh" "$ROOT/build/bin"
}
