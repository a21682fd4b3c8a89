# Fuzzing the readers of what comes from outside. Sourced by ./dev.

readonly FUZZ_TARGETS="http websocket json yaml runner checkpoint"

# The newest Clang here that brings libFuzzer.
find_fuzz_compiler() {
  local version
  for version in 18 14; do
    command -v "clang++-$version" >/dev/null && compgen -G "/usr/lib/llvm-$version/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a" >/dev/null &&
      echo "clang++-$version" && return
  done
  die "no Clang with libFuzzer found (clang-18 or clang-14 with libclang-rt-…-dev); './dev setup' installs it"
}

# Builds the targets and fuzzes each for so many seconds, all of them when none is named: fuzz_targets SECONDS [NAME…].
fuzz_targets() {
  local seconds=$1 names compiler
  shift
  names=("$@")
  [ ${#names[@]} -gt 0 ] || read -ra names <<<"$FUZZ_TARGETS"
  compiler=$(find_fuzz_compiler)
  CXX=$compiler build_preset fuzz "${names[@]/#/fuzz_}"
  say "Fuzzers: the seeds, then $seconds s each"
  local name
  for name in "${names[@]}"; do fuzz_one "$name" "$seconds"; done
}

# What a target needs besides the limits of all: an input of ten seconds, a gigabyte at once or two in all is a finding.
fuzz_options() {
  case $1 in
    http) echo -max_len=16384 ;;
    websocket | runner) echo -max_len=8192 ;;
    *) echo -max_len=32768 ;;
  esac
}

# Fuzzes one target for so many seconds: fuzz_one NAME SECONDS. What it learns stays in build/fuzz/grown/NAME.
fuzz_one() {
  local name=$1 seconds=$2 program=build/fuzz/bin/fuzz_$1 grown=build/fuzz/grown/$1 seeds=tests/fuzz/corpus/$1
  local log=build/fuzz/$name.log
  mkdir -p "$ROOT/$grown" "$ROOT/build/fuzz/findings"
  if ! (cd "$ROOT" && "$program" -max_total_time="$seconds" -timeout=10 -malloc_limit_mb=1024 -rss_limit_mb=2048 \
    $(fuzz_options "$name") -print_final_stats=1 -artifact_prefix="build/fuzz/findings/$name-" "$grown" "$seeds" >"$log" 2>&1); then
    tail -60 "$ROOT/$log" >&2
    die "the fuzzer of $name found something. Its input is the file named above ('Test unit written to'); the log is $log.
  Replay it:  $program FILE
  When it is mended, keep it:  cp FILE $seeds/found-SOMETHING"
  fi
  local runs rate places
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$ROOT/$log")
  rate=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$ROOT/$log")
  places=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$ROOT/$log" | tail -1)
  printf '%-12s %9s inputs, %6s a second, %6s places of the code reached: nothing found\n' "$name" "$runs" "$rate" "$places"
}

# ./dev fuzz [TARGET…] [--seconds N]
run_fuzz() {
  local seconds=60 names=()
  while [ $# -gt 0 ]; do
    case $1 in
      --seconds)
        seconds=${2:-}
        [[ $seconds =~ ^[1-9][0-9]*$ ]] || die "--seconds '$seconds': give a whole number from 1"
        shift
        ;;
      *)
        [[ " $FUZZ_TARGETS " == *" $1 "* ]] || die "unknown fuzz target '$1'; there are: $FUZZ_TARGETS"
        names+=("$1")
        ;;
    esac
    shift
  done
  setup_packages test
  setup_toolchain
  fuzz_targets "$seconds" "${names[@]}"
}
