# Building. Sourced by ./dev.

# Paths below the clone are relative in the cache's keys: a fresh clone finds what another compiled.
export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=1

# Builds the preset, or only the targets named after it, and leaves its programs in build/bin.
build_preset() {
  local preset=$1
  shift
  say "Building ($preset)"
  mkdir -p "$ROOT/build"
  if ! cmake --preset "$preset" >"$ROOT/build/configure-$preset.log" 2>&1; then
    tail -40 "$ROOT/build/configure-$preset.log" >&2
    die "configuring failed; the whole log is build/configure-$preset.log"
  fi
  cmake --build --preset "$preset" ${1:+--target "$@"}
  mkdir -p "$ROOT/build/bin"
  local program
  for program in checkerlab checkerlab-coordinator checkerlab-worker; do
    [ -e "$ROOT/build/$preset/bin/$program" ] && ln -sfn "../$preset/bin/$program" "$ROOT/build/bin/$program"
  done
  return 0
}

run_demo() {
  setup_for_build
  build_preset dev checkerlab checkerlab-coordinator checkerlab-worker
  "$ROOT/build/bin/checkerlab" run "$ROOT/sweeps/demo.yaml" "$@"
}
