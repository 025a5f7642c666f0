#!/usr/bin/env bash
# Runs the audit suite of the npm package graphql-http against a running hub:
#
#   scripts/audit/run.sh http://127.0.0.1:8080/graphql
#
# Needs node (18 or newer) and npm. The last line says how many audits are ok; the exit status is 0 if all are.
# Not part of ./check: tests/it/graphql_over_http.rs holds the same audits without node.
set -euo pipefail

if (($# != 1)); then
    echo "usage: scripts/audit/run.sh URL" >&2
    exit 2
fi
for tool in node npm; do
    command -v "$tool" >/dev/null || {
        echo "run.sh: $tool is not installed" >&2
        exit 2
    }
done

here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/audit.mjs" "$work/"
(
    cd "$work"
    npm install --no-save --no-audit --no-fund --silent graphql-http@1.23.1 graphql@16
) >&2
node "$work/audit.mjs" "$1"
