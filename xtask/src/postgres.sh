# A PostgreSQL of its own in a temporary folder, until standard input ends: that happens however
# the caller ends, so nothing is left behind. First argument: the folder of PostgreSQL's programs.
# Lines on standard input: `stop` ends it as a crash would, `start` starts it again.
set -eu
programs=$1
user=postgres
id -u "$user" >/dev/null 2>&1 || user=nobody

# initdb refuses root, and sudo is not everywhere: setpriv is.
as() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups \
            env -i PATH="$PATH" LC_ALL=C.UTF-8 "$@"
    else
        "$@"
    fi
}

stop() {
    as "$programs/pg_ctl" -D "$folder/data" -m immediate -s stop >&2 || true
    cd /
    rm -rf "$folder"
}

# Short, because the path of a socket has at most 107 bytes.
folder=$(mktemp -d /tmp/obole-pg.XXXXXX)
trap stop EXIT
trap 'exit 1' HUP INT TERM
if [ "$(id -u)" = 0 ]; then chown "$user" "$folder"; fi
cd "$folder"

as "$programs/initdb" -D "$folder/data" -U obole -A trust -E UTF8 --locale=C.UTF-8 --no-sync >&2
options="-k $folder -c listen_addresses='' -c fsync=off -c synchronous_commit=off \
    -c full_page_writes=off -c shared_buffers=32MB -c max_connections=200"
as "$programs/pg_ctl" -D "$folder/data" -w -s -l "$folder/log" -o "$options" start >&2
echo "$folder"
while read -r word; do
    case $word in
        stop) as "$programs/pg_ctl" -D "$folder/data" -m immediate -s stop >&2 ;;
        start) as "$programs/pg_ctl" -D "$folder/data" -w -s -l "$folder/log" -o "$options" start >&2 ;;
        *) continue ;;
    esac
    echo "$word done"
done
