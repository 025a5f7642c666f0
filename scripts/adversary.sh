#!/usr/bin/env bash
# Asks the hub everything, long: so many questions in all, of each role below exact figures, over so many counties; what was
# learnt is worked out with HiGHS (PyPI highspy). The last line tells what was pinned. Needs python3 with venv, and PyPI.
# Usage: scripts/adversary.sh [questions] [counties]   (1000000 and 50 by default)
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'highspy==1.*' 'numpy==2.*'
mkdir "$work/learnt"
# Twenty roles of three families ask.
LIANFANG_ADVERSARY_QUESTIONS=$((${1:-1000000} / 20)) LIANFANG_ADVERSARY_COUNTIES=${2:-50} LIANFANG_ADVERSARY_OUT=$work/learnt \
    cargo test --quiet -p lianfang --test it adversary:: >/dev/null
"$work/venv/bin/python" scripts/oracles/adversary.py "$work/learnt"
