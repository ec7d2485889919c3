#!/usr/bin/env bash
# Makes .venv from the locked, hashed requirements. With "dev" also what the tests need, the browser included.
# "run" needs nothing but Python 3.11 or later with venv; "dev" asks Debian or Ubuntu for what is missing.
# Usage: scripts/setup.sh [run|dev]
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}
lock=requirements/base.txt
[ "$kind" = dev ] && lock=requirements/dev.txt
stamp=.venv/.lagesbild-$kind

say() { printf '%s\n' "$*" >&2; }

find_python() {
  for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"; return
    fi
  done
  return 1
}

# Debian packages are installed only where they are missing and we may do so.
install_debian() {
  if ! command -v apt-get >/dev/null; then say "Installera: $* / Please install: $*"; return 1; fi
  local sudo=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { say "Be den som får om: apt-get install $* / Ask for: apt-get install $*"; return 1; }
    sudo="sudo"
  fi
  say "Installerar / installing: $*"
  $sudo env DEBIAN_FRONTEND=noninteractive sh -c "apt-get -qq update && apt-get -qq install -y --no-install-recommends $*" >/dev/null
}

# Ubuntu 22.04 comes with Python 3.10, and has 3.11 among its packages.
python_311() {
  find_python && return
  install_debian python3.11 python3.11-venv || true
  find_python && return
  say "Python 3.11 eller senare saknas. / Python 3.11 or later is missing."; exit 1
}

make_venv() {
  # One that was broken off halfway has a python and no pip.
  .venv/bin/python -m pip --version >/dev/null 2>&1 && return
  rm -rf .venv
  local python; python=$(python_311)
  "$python" -m venv .venv >/dev/null 2>&1 && return
  # Debian and Ubuntu keep venv in a package of its own, one for each version of Python.
  rm -rf .venv
  install_debian "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
  "$python" -m venv .venv
}

install_packages() {
  # A stamp newer than the lock file says that this virtual environment is already right.
  [ "$stamp" -nt "$lock" ] && [ "$stamp" -nt pyproject.toml ] && return
  # The lock is complete, so nothing is resolved: older pips trip over extras (coverage[toml]) as soon as the
  # package index has a newer version than the lock.
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$lock"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
  touch "$stamp"
}

# A browser that answers and is no snap: a snap cannot see temporary folders, and Ubuntu's package is one.
browser() {
  local found
  for candidate in chromium google-chrome google-chrome-stable chromium-browser; do
    found=$(command -v "$candidate" 2>/dev/null) || continue
    case $(readlink -f "$found") in /snap/*|*/snap) continue ;; esac
    "$found" --version >/dev/null 2>&1 && { printf '%s' "$found"; return; }
  done
  return 1
}

# Playwright's own: where the package is a snap, or where we may install no packages.
playwrights_browser() {
  say "Hämtar en webbläsare för testerna / fetching a browser for the tests"
  .venv/bin/python -m playwright install --with-deps chromium >/dev/null 2>&1 \
    || .venv/bin/python -m playwright install chromium >&2
  .venv/bin/python -c 'from playwright.sync_api import sync_playwright as play
with play() as driver: print(driver.chromium.executable_path)'
}

# The tests find it as .venv/bin/chromium, whichever it is.
install_browser() {
  .venv/bin/chromium --version >/dev/null 2>&1 && return
  local found
  if ! found=$(browser); then
    if grep -q '^ID=debian' /etc/os-release 2>/dev/null; then install_debian chromium || true; fi
    found=$(browser) || found=$(playwrights_browser)
  fi
  ln -sf "$found" .venv/bin/chromium
  .venv/bin/chromium --version >/dev/null 2>&1 && return
  say "Webbläsaren startar inte; bibliotek saknas. / The browser does not start; libraries are missing."; exit 1
}

make_venv
install_packages
if [ "$kind" = dev ]; then
  needed=()
  ls /usr/lib/*/libpangoft2-1.0.so.0 >/dev/null 2>&1 || needed+=(libpango-1.0-0 libpangoft2-1.0-0)
  [ -e /usr/share/fonts/truetype/dejavu/DejaVuSansCondensed.ttf ] || needed+=(fonts-dejavu-extra)
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || needed+=(postgresql)
  [ ${#needed[@]} = 0 ] || install_debian "${needed[@]}"
  # Older releases lack this one; PDFs are then made more slowly.
  ls /usr/lib/*/libharfbuzz-subset.so.0 >/dev/null 2>&1 || install_debian libharfbuzz-subset0 2>/dev/null || true
  install_browser
fi
