#!/usr/bin/env bash
# Audits what `domain/disclosure/suppression` withholds of random tables, with τ-argus (PyPI pytauargus).
# Needs python3 with venv, and PyPI.
#
#   scripts/oracles/suppression.sh [tables]     so many, 1000 by default
#   scripts/oracles/suppression.sh sample       writes tests/data/suppression.ndjson anew, which the tests compare
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'pytauargus==0.6.0' 'scipy==1.16.*' 'numpy==2.*'
tables=${1:-1000}
kept=()
if [[ $tables == sample ]]; then
    tables=60
    kept=(tests/data/suppression.ndjson)
fi
LIANFANG_SUPPRESSION_TABLES=$tables LIANFANG_SUPPRESSION_OUT=$work/tables.ndjson \
    cargo test --quiet -p lianfang --test it suppressed::no_protected >/dev/null
"$work/venv/bin/python" scripts/oracles/suppression.py "$work/tables.ndjson" ${kept[@]+"${kept[@]}"}
