#!/usr/bin/env bash
# Installs what this repository needs on Debian 12, and nothing that is there already.
#
#   scripts/setup.sh run    what building and running need
#   scripts/setup.sh test   the same, and what the tests need
set -euo pipefail

run=(
    gcc libc6-dev make pkg-config curl ca-certificates   # to build
    flite espeak-ng                                      # speech, offline
    pocketsphinx pocketsphinx-en-us                      # recognition, offline
)
test=(
    postgresql                      # the store runs on it too
    sip-tester baresip-core linphone-cli   # other people's phones
    iproute2                        # networks of a test's own
    sox libsox-fmt-mp3              # reads recordings as a customer would
    python3 python3-venv            # the vendors' SDKs and their command line
    chromium fonts-noto-cjk         # the console in a real browser, also in Chinese
)

case "${1:-}" in
    run) wanted=("${run[@]}") ;;
    test) wanted=("${run[@]}" "${test[@]}") ;;
    *) echo "usage: $0 run|test" >&2; exit 2 ;;
esac

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

is_installed() {
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
for package in "${wanted[@]}"; do
    is_installed "$package" || missing+=("$package")
done
# The vendor's SDK for Node. Packages of Node from elsewhere bring npm along, and Debian's npm would
# not go with them: so what counts is the command.
if [ "$1" = test ] && ! command -v npm >/dev/null; then
    missing+=(nodejs npm)
fi
if [ "${#missing[@]}" -gt 0 ]; then
    echo "installing: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get update -qq
    as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

export PATH="$HOME/.cargo/bin:$PATH"
if ! command -v cargo >/dev/null; then
    echo "installing: Rust, by rustup"
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs |
        sh -s -- -y --profile minimal --component clippy --component rustfmt
fi
if [ "$1" = test ] && ! command -v cargo-nextest >/dev/null; then
    cargo install --locked cargo-nextest
fi
