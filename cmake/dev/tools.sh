# Checks of the sources. Sourced by ./dev.

cpp_files() { git -C "$ROOT" ls-files '*.cpp' '*.hpp' '*.cu' '*.cuh'; }

apply_format() {
  (cd "$ROOT" && cpp_files | xargs clang-format-14 -i)
  install_page_packages
  (cd "$ROOT/web" && npm run --silent format)
}

install_page_packages() {
  [ -d "$ROOT/web/node_modules" ] || (cd "$ROOT/web" && npm ci --no-audit --no-fund --loglevel=error)
}

check_fast() {
  say "Checking formatting"
  (cd "$ROOT" && cpp_files | xargs clang-format-14 --dry-run --Werror)
  say "Checking layering"
  python3 "$ROOT/tests/layering/check_layering.py"
  say "Checking the page's sources"
  install_page_packages
  (cd "$ROOT/web" && npm run --silent generate && npm run --silent check)
}

# clang-tidy over every translation unit that does not need LibTorch (its headers alone take 20 s each), without precompiled
# headers: clang cannot read those of GCC.
check_tidy() {
  say "clang-tidy"
  cmake --preset core -B "$ROOT/build/tidy" -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null
  # Only what the sources include and the build makes.
  cmake --build "$ROOT/build/tidy" --target checkerlab_version embedded/schema.hpp embedded/sql.hpp embedded/web.hpp >/dev/null
  git -C "$ROOT" ls-files 'base/*.cpp' 'schemas/*.cpp' 'sweeps/*.cpp' 'rpc/*.cpp' 'coordinator/*.cpp' 'worker/agent/*.cpp' \
    'worker/runner/*.cpp' 'cli/*.cpp' | grep -vE '_test\.cpp$|/testing/' |
    (cd "$ROOT" && xargs -P "$(nproc)" -n 1 clang-tidy-14 -p build/tidy --quiet --warnings-as-errors='*')
}

run_checks() {
  check_fast
  check_tidy
}
