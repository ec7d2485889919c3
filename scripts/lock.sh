#!/usr/bin/env bash
# Renews the hashed lock files. Nothing younger than a week gets in: bad releases are usually withdrawn by then.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-emit-index-url --no-emit-find-links --exclude-newer "$(date -u -d '7 days ago' +%F)" "$@"
}
compile pyproject.toml requirements/build.in --output-file requirements/base.txt
compile pyproject.toml requirements/build.in requirements/dev.in --output-file requirements/dev.txt
