#!/usr/bin/env bash
# Audits what `domain/disclosure/suppression` withholds of random tables, with τ-argus (PyPI pytauargus).
# Usage: scripts/oracles/suppression.sh [tables]   (1000 by default; needs python3 with venv, and PyPI)
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet 'pytauargus==0.6.0' 'scipy==1.16.*' 'numpy==2.*'
LIANFANG_SUPPRESSION_TABLES=${1:-1000} LIANFANG_SUPPRESSION_OUT=$work/tables.ndjson \
    cargo test --quiet -p lianfang --test it suppressed:: >/dev/null
"$work/venv/bin/python" scripts/oracles/suppression.py "$work/tables.ndjson"
