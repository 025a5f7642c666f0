#!/usr/bin/env bash
# A private PostgreSQL server in a directory of its own.
#
#   scripts/postgres.sh start [--durable] DIR   creates DIR if need be, starts a server in it, prints its URL
#   scripts/postgres.sh restart DIR             ends the server at once, as a crash does, and starts it again on its port
#   scripts/postgres.sh stop DIR                stops the server and removes DIR
#
# The server trusts everyone, listens on 127.0.0.1 only, and forgets its data on a power cut (fsync is off)
# unless --durable is given, which is what benchmarks should use. PostgreSQL refuses to run as root, so root runs it as
# `postgres` or `nobody`. Without PostgreSQL on the machine, root on Debian or Ubuntu gets it from apt;
# anyone else is told what to install.
set -euo pipefail

fail() {
    printf 'postgres.sh: %s\n' "$1" >&2
    exit 1
}

# The directory holding initdb, pg_ctl and postgres, on stdout.
find_binaries() {
    local dir candidates=()
    if command -v pg_config >/dev/null; then
        candidates+=("$(pg_config --bindir 2>/dev/null || true)")
    fi
    # Debian keeps each version apart; the newest comes first.
    while IFS= read -r dir; do
        candidates+=("$dir")
    done < <(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin | sort -rV)
    if command -v initdb >/dev/null; then
        candidates+=("$(dirname "$(command -v initdb)")")
    fi
    for dir in "${candidates[@]}"; do
        if [[ -n $dir && -x $dir/initdb && -x $dir/pg_ctl && -x $dir/postgres ]]; then
            printf '%s\n' "$dir"
            return
        fi
    done
    return 1
}

get_from_apt() {
    if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
        fail "PostgreSQL is not installed: install the server (Debian and Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server) and try again"
    fi
    printf 'postgres.sh: PostgreSQL is not installed, getting it with apt-get\n' >&2
    local log
    log=$(mktemp)
    # The packages would otherwise create and start a system-wide cluster, which nobody asked for.
    if ! {
        export DEBIAN_FRONTEND=noninteractive
        apt-get update &&
            apt-get install -y --no-install-recommends postgresql-common &&
            sed -i 's/^#\?\s*create_main_cluster\s*=.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf &&
            apt-get install -y --no-install-recommends postgresql
    } >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail "apt-get could not install postgresql: see above"
    fi
    rm -f "$log"
}

# Runs a command as $account when we are root, as ourselves otherwise.
as_account() {
    if ((EUID != 0)); then
        "$@"
    elif command -v runuser >/dev/null; then
        runuser -u "$account" -- "$@"
    else
        setpriv --reuid="$account" --regid="$(id -g "$account")" --clear-groups -- "$@"
    fi
}

start() {
    local durable=no dir
    if [[ ${1-} == --durable ]]; then
        durable=yes
        shift
    fi
    (($# == 1)) || fail "usage: postgres.sh start [--durable] DIR"
    bin=$(find_binaries) || {
        get_from_apt
        bin=$(find_binaries) || fail "apt-get installed postgresql, but initdb is not in /usr/lib/postgresql/*/bin"
    }

    mkdir -p "$1"
    dir=$(cd "$1" && pwd -P)
    [[ ! -e $dir/data ]] || fail "$dir already holds a server: stop it first (postgres.sh stop $dir)"

    account=$(id -un)
    if ((EUID == 0)); then
        account=postgres
        id -u "$account" >/dev/null 2>&1 || account=nobody
        chown "$account" "$dir"
    fi
    chmod 700 "$dir"
    # From here on in the directory itself: the account may not be allowed to see ours.
    cd "$dir"
    as_account test -w "$dir" || fail "$account cannot write to $dir: choose a directory whose parents it may enter (TMPDIR=/tmp, say)"

    local locale=C
    if locale -a 2>/dev/null | grep -qix 'c\.utf-\?8'; then
        locale=C.UTF-8
    fi
    as_account "$bin/initdb" --pgdata="$dir/data" --username=postgres --auth=trust --encoding=UTF8 --locale="$locale" \
        --no-sync >"$dir/initdb.log" 2>&1 || {
        tail -n 20 "$dir/initdb.log" >&2
        fail "initdb failed: see above"
    }

    local settings="
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
timezone = 'UTC'
log_timezone = 'UTC'
"
    if [[ $durable == no ]]; then
        settings+="
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
"
    fi
    printf '%s' "$settings" | as_account tee -a "$dir/data/postgresql.conf" >/dev/null

    # A port below the range the system hands out by itself; taken ones are found out by trying.
    local port
    for _ in {1..20}; do
        port=$((15000 + RANDOM % 15000))
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            continue
        fi
        if as_account "$bin/pg_ctl" --pgdata="$dir/data" --log="$dir/server.log" --options="-p $port" --wait --timeout=60 start \
            >"$dir/pg_ctl.log" 2>&1; then
            printf 'postgres://postgres@127.0.0.1:%s/postgres\n' "$port"
            return
        fi
        grep -q 'could not bind' "$dir/server.log" 2>/dev/null || break
    done
    tail -n 20 "$dir/pg_ctl.log" "$dir/server.log" >&2 || true
    fail "the server did not start: see above"
}

restart() {
    (($# == 1)) || fail "usage: postgres.sh restart DIR"
    local dir
    dir=$(cd "$1" && pwd -P)
    [[ -e $dir/data/PG_VERSION ]] || fail "$dir holds no server: start one first (postgres.sh start $dir)"
    bin=$(find_binaries) || fail "PostgreSQL is gone: cannot restart the server in $dir"
    account=$(stat -c %U "$dir/data")
    cd "$dir"
    # What it was started with stands in postmaster.opts, so the port stays.
    as_account "$bin/pg_ctl" --pgdata="$dir/data" --log="$dir/server.log" --mode=immediate --wait --timeout=60 restart \
        >"$dir/pg_ctl.log" 2>&1 || {
        tail -n 20 "$dir/pg_ctl.log" "$dir/server.log" >&2
        fail "the server in $dir did not restart: see above"
    }
}

stop() {
    (($# == 1)) || fail "usage: postgres.sh stop DIR"
    [[ -d $1 ]] || return 0
    local dir
    dir=$(cd "$1" && pwd -P)
    if [[ -e $dir/data/PG_VERSION ]]; then
        bin=$(find_binaries) || fail "PostgreSQL is gone: cannot stop the server in $dir"
        account=$(stat -c %U "$dir/data")
        cd "$dir"
        if [[ -e $dir/data/postmaster.pid ]]; then
            as_account "$bin/pg_ctl" --pgdata="$dir/data" --mode=immediate --wait --timeout=60 stop >/dev/null ||
                fail "the server in $dir did not stop"
        fi
        cd /
    fi
    rm -rf "$dir/data"
    rm -f "$dir/initdb.log" "$dir/pg_ctl.log" "$dir/server.log"
    rmdir "$dir" || fail "$dir holds files that are not the server's: left as it is"
}

case ${1-} in
start | restart | stop) "$@" ;;
*) fail "usage: postgres.sh start [--durable] DIR | restart DIR | stop DIR" ;;
esac
