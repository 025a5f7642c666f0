#!/usr/bin/env bash
# The speed proof: benches/run.sh [county|city|province] [options of `lianfang-bench drive`]
# or, for exports against COPY:  benches/run.sh export [options of `lianfang-bench export`]
# or, for files taken in and the feed:  benches/run.sh files [options of `lianfang-bench files`]
# or, for a county's first pages beside a province: benches/run.sh scopes [options of `lianfang-bench scopes`]
# or, for the indicators of a province:  benches/run.sh meeting [options of `lianfang-bench meeting`]
#
# Starts a private PostgreSQL that syncs to disk, migrates, seeds, starts the hub and the server written by hand, measures
# both in turn and prints a Markdown table. Everything is removed at the end; with LIANFANG_BENCH_DIR=DIR the database stays
# there and is used again by the next run (scripts/postgres.sh stop DIR/postgres removes it).
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

scale=${1:-city}
shift || true
measure=drive
if [[ $scale == export || $scale == files ]]; then
    measure=$scale scale=city
elif [[ $scale == meeting || $scale == scopes ]]; then
    measure=$scale scale=province
fi
case $scale in county | city | province) ;; *)
    echo "usage: benches/run.sh [county|city|province] [--rounds N] [--seconds N] [--only TEXT] | export|files|meeting|scopes [--rows N] [--rounds N]" >&2
    exit 2
    ;;
esac

keep=${LIANFANG_BENCH_DIR:-}
dir=${keep:-$(mktemp -d "${TMPDIR:-/tmp}/lianfang-bench.XXXXXX")}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd -P)
chmod 711 "$dir"
pids=()

finish() {
    local status=$?
    trap - EXIT INT TERM
    for pid in "${pids[@]}"; do
        kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
    done
    if [[ -z $keep ]]; then
        scripts/postgres.sh stop "$dir/postgres"
        rm -rf "$dir"
    fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

cargo build --release --locked --package lianfang --package lianfang-bench >&2
target=$(cargo metadata --format-version 1 --no-deps | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')/release

if [[ ! -f $dir/url ]]; then
    scripts/postgres.sh start --durable "$dir/postgres" >"$dir/url.new"
    # Seeding writes more log than the default lets stand; nothing else differs from a fresh installation.
    psql "$(<"$dir/url.new")" -qc "ALTER SYSTEM SET max_wal_size = '4GB'" -c 'SELECT pg_reload_conf()' >/dev/null 2>&1 || true
    mv "$dir/url.new" "$dir/url"
fi
LIANFANG_DATABASE_URL=$(<"$dir/url")
LIANFANG_SECRET_KEY_FILE=$dir/keys.json
LIANFANG_LOG=${LIANFANG_LOG:-warn}
# Whoever measures asks more often than any client should.
export LIANFANG_SUBJECT_REQUESTS_A_SECOND=0
export LIANFANG_DATABASE_URL LIANFANG_SECRET_KEY_FILE LIANFANG_LOG

"$target/lianfang" keys init >/dev/null
"$target/lianfang" migrate >/dev/null
if [[ ! -f $dir/seeded ]]; then
    began=$SECONDS
    "$target/lianfang" seed --scale "$scale" | tail -n 1
    echo "seeded in $((SECONDS - began)) s"
    echo "$scale" >"$dir/seeded"
fi

free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo "$port"
}
hub=127.0.0.1:$(free_port)
ideal=127.0.0.1:$(free_port)
"$target/lianfang" serve --listen "$hub" >/dev/null &
server=$!
pids+=("$server")
"$target/lianfang-bench" ideal --database-url "$LIANFANG_DATABASE_URL" --listen "$ideal" &
pids+=($!)
for address in "$hub" "$ideal"; do
    for _ in {1..100}; do
        (exec 3<>"/dev/tcp/${address/://}") 2>/dev/null && break
        sleep 0.1
    done
done

echo "scale $scale, $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg), $(date +%F), $(git rev-parse --short HEAD)"
echo
if [[ $measure == export ]]; then
    "$target/lianfang-bench" export --database-url "$LIANFANG_DATABASE_URL" --hub "$hub" --pid "$server" \
        --keys "$LIANFANG_SECRET_KEY_FILE" "$@"
    exit
fi
if [[ $measure == files ]]; then
    "$target/lianfang-bench" files --database-url "$LIANFANG_DATABASE_URL" --hub "$hub" --keys "$LIANFANG_SECRET_KEY_FILE" "$@"
    "$target/lianfang-bench" files-sqlite
    exit
fi
if [[ $measure == scopes ]]; then
    # A store that holds one county of the other, and a hub on it.
    county=140623 alone=127.0.0.1:$(free_port) store=${LIANFANG_DATABASE_URL%/*}/alone
    psql "$LIANFANG_DATABASE_URL" -qc 'DROP DATABASE IF EXISTS alone' -c 'CREATE DATABASE alone'
    LIANFANG_DATABASE_URL=$store "$target/lianfang" migrate >/dev/null
    families="SELECT table_name FROM information_schema.columns WHERE column_name = 'number_ref' AND table_name NOT LIKE 'bench%'"
    for table in $(psql "$store" -Atc "$families"); do
        columns=$(psql "$store" -Atc "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns \
            WHERE table_name = '$table' AND is_generated = 'NEVER'")
        psql "$LIANFANG_DATABASE_URL" -c "COPY (SELECT $columns FROM $table WHERE region_code = '$county') TO STDOUT" |
            psql "$store" -qc "COPY $table ($columns) FROM STDIN"
    done
    psql "$store" -qc 'VACUUM ANALYZE'
    psql "$LIANFANG_DATABASE_URL" -qc 'VACUUM ANALYZE'
    LIANFANG_DATABASE_URL=$store "$target/lianfang" serve --listen "$alone" >/dev/null &
    pids+=($!)
    for _ in {1..100}; do
        (exec 3<>"/dev/tcp/${alone/://}") 2>/dev/null && break
        sleep 0.1
    done
    "$target/lianfang-bench" scopes --hub "$hub" --alone "$alone" --keys "$LIANFANG_SECRET_KEY_FILE" --region "$county" "$@"
    exit
fi
if [[ $measure == meeting ]]; then
    psql "$LIANFANG_DATABASE_URL" -qc 'VACUUM ANALYZE'
    "$target/lianfang-bench" meeting --database-url "$LIANFANG_DATABASE_URL" --hub "$hub" --keys "$LIANFANG_SECRET_KEY_FILE" "$@"
    exit
fi
"$target/lianfang-bench" drive --database-url "$LIANFANG_DATABASE_URL" --hub "$hub" --ideal "$ideal" \
    --keys "$LIANFANG_SECRET_KEY_FILE" "$@"
