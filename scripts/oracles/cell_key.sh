#!/usr/bin/env bash
# Compares the noise of statistics, cell by cell, with PyPI cell-key-perturbation on the same records, keys and table.
#
#   scripts/oracles/cell_key.sh                      many records, new ones every time
#   scripts/oracles/cell_key.sh sample               writes the sample in tests/data/cell_key anew, which the tests compare
#
# The comparison itself is the test `cell_key`; both databases are asked, so LIANFANG_TEST_POSTGRES_URL has to be set
# (see scripts/postgres.sh). The oracle lives in a virtual environment under target/.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
venv=$root/target/oracles/cell-key
version=3.1.0

if [[ ! -x $venv/bin/python ]] || ! "$venv/bin/pip" show cell-key-perturbation 2>/dev/null | grep -q "^Version: $version$"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet "cell-key-perturbation==$version" pandas
fi

if [[ ${1:-} == sample ]]; then
    "$venv/bin/python" "$root/scripts/oracles/cell_key.py" "$root/tests/data/cell_key" 400 1
    exit
fi

many=$(mktemp -d)
trap 'rm -rf "$many"' EXIT
seed=${2:-$RANDOM}
echo "seed $seed"
"$venv/bin/python" "$root/scripts/oracles/cell_key.py" "$many" "${1:-5000}" "$seed"
cd "$root"
LIANFANG_CELL_KEY_DATA=$many cargo test --quiet -p lianfang --test it cell_key -- --nocapture
