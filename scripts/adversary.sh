#!/usr/bin/env bash
# Asks the hub everything, long: so many statistics of each role, over so many counties. The last lines tell what was pinned.
# Usage: scripts/adversary.sh [questions] [counties]
set -euo pipefail
cd "$(dirname "$0")/.."
LIANFANG_ADVERSARY_QUESTIONS=${1:-1000000} LIANFANG_ADVERSARY_COUNTIES=${2:-50} \
    cargo test -p lianfang --test it adversary:: -- --nocapture
