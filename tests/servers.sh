# Private servers for tests and for the bench: finds PostgreSQL and Redis, starts them on free ports, stops them again.
#
# To be sourced. The caller defines find_missing, which fills `missing` with what is not there and `packages` with where Debian has
# it, and calls open_work first; start_postgres and start_redis set CREDITSHARE_TEST_POSTGRES and CREDITSHARE_TEST_REDIS.

readonly OLDEST_POSTGRES=15
readonly OLDEST_REDIS=6
readonly START_ATTEMPTS=5
readonly STOP_SECONDS=30

work=
postgres_data=
redis_pid=
child=

say() { printf '== %s\n' "$*"; }

fail() {
  printf '%s: %s\n' "$0" "$*" >&2
  exit 1
}

# A command in the background with `wait` lets a signal be handled at once, not when the command ends.
run() {
  "$@" &
  child=$!
  local status=0
  wait "$child" || status=$?
  child=
  return "$status"
}

# --- What is there -----------------------------------------------------------------------------------------------------

postgres_bin() {
  local folder newest=
  for folder in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin "$(pg_config --bindir 2>/dev/null || true)"; do
    [[ -x "$folder/initdb" && -x "$folder/postgres" ]] || continue
    local version
    version="$("$folder/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')"
    if ((version >= OLDEST_POSTGRES)) && [[ -z "$newest" || $version -gt ${newest%% *} ]]; then
      newest="$version $folder"
    fi
  done
  [[ -n "$newest" ]] && printf '%s\n' "${newest#* }"
}

# The first number of a program's version; 0 if there is none.
major_of() { "$@" 2>/dev/null | sed -nE '1s/^[^0-9]*([0-9]+).*/\1/p' | grep . || printf '0\n'; }

redis_binary() {
  local name
  for name in redis-server valkey-server; do
    if command -v "$name" >/dev/null && (($(major_of "$name" --version) >= OLDEST_REDIS)); then
      command -v "$name"
      return
    fi
  done
  return 1
}

missing=()
packages=()

all_missing() {
  local all
  all="$(printf '%s; ' "${missing[@]}")"
  printf '%s\n' "${all%; }"
}

# Installs what is missing where that can be done without a question, else names all of it at once.
ensure_installed() {
  command -v dotnet >/dev/null || fail "the .NET SDK $(sed -nE 's/.*"version": "([^"]+)".*/\1/p' "$ROOT/global.json") or a later 10.0 is missing"
  find_missing
  ((${#missing[@]} > 0)) || return 0

  if [[ $EUID -ne 0 ]] || ! command -v apt-get >/dev/null; then
    fail "missing: $(all_missing). On Debian: sudo apt-get install ${packages[*]}"
  fi
  say "installing $(all_missing)"
  export DEBIAN_FRONTEND=noninteractive
  run apt-get update -qq || fail "apt-get update failed; missing: $(all_missing)"
  # The packages' own services are not wanted: the tests start private ones.
  RUNLEVEL=1 run apt-get install -y -qq --no-install-recommends "${packages[@]}" >"$work/apt.log" 2>&1 ||
    { tail -20 "$work/apt.log" >&2; fail "apt-get could not install ${packages[*]}"; }

  # What the distribution has may be too old, or hidden behind another in the path.
  find_missing
  ((${#missing[@]} == 0)) || fail "missing although ${packages[*]} was installed: $(all_missing)"
}

# --- Private servers --------------------------------------------------------------------------------------------------

free_port() {
  local port
  while true; do
    # Below the range from which the kernel gives ports to clients.
    port=$((10000 + (RANDOM * 32768 + RANDOM) % 22000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { printf '%s\n' "$port"; return; }
  done
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if [[ $EUID -eq 0 ]]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}

start_postgres() {
  local bin password port attempt
  bin="$(postgres_bin)"
  password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  mkdir "$work/postgres"
  (umask 077 && printf '%s\n' "$password" >"$work/postgres/password")
  if [[ $EUID -eq 0 ]]; then
    chown -R postgres "$work/postgres"
  fi
  as_postgres "$bin/initdb" -D "$work/postgres/data" -U postgres -A scram-sha-256 --pwfile="$work/postgres/password" \
    --encoding=UTF8 --locale=C >"$work/initdb.log" 2>&1 || { tail -20 "$work/initdb.log" >&2; fail "initdb failed"; }
  as_postgres tee -a "$work/postgres/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$work/postgres'
max_connections = 200
fsync = on
synchronous_commit = on
CONF

  postgres_data="$work/postgres/data"
  for ((attempt = 1; attempt <= START_ATTEMPTS; attempt++)); do
    port="$(free_port)"
    if as_postgres "$bin/pg_ctl" -D "$postgres_data" -w -t 60 -s -o "-p $port" -l "$work/postgres/log" start >/dev/null 2>&1; then
      say "PostgreSQL $("$bin/postgres" --version | awk '{print $3}') on port $port"
      export CREDITSHARE_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres;Password=$password;Database=postgres"
      return
    fi
  done
  tail -20 "$work/postgres/log" >&2
  fail "PostgreSQL did not start"
}

start_redis() {
  local binary port attempt tries
  binary="$(redis_binary)"
  mkdir "$work/redis"
  for ((attempt = 1; attempt <= START_ATTEMPTS; attempt++)); do
    port="$(free_port)"
    "$binary" --port "$port" --bind 127.0.0.1 --dir "$work/redis" --save '' --appendonly no --databases 64 >"$work/redis/log" 2>&1 &
    redis_pid=$!
    for ((tries = 0; tries < 100; tries++)); do
      kill -0 "$redis_pid" 2>/dev/null || break
      if grep -q 'Ready to accept connections' "$work/redis/log"; then
        say "$(basename "$binary") $("$binary" --version | sed -E 's/.*v=([^ ]+).*/\1/') on port $port"
        export CREDITSHARE_TEST_REDIS="127.0.0.1:$port"
        return
      fi
      sleep 0.1
    done
    kill "$redis_pid" 2>/dev/null || true
    wait "$redis_pid" 2>/dev/null || true
    redis_pid=
  done
  tail -20 "$work/redis/log" >&2
  fail "Redis did not start"
}

# Ends a process that this script started: first politely, after STOP_SECONDS for certain.
stop() {
  local pid="$1" signal="$2" last="$3" tries
  kill "-$signal" "$pid" 2>/dev/null || return 0
  for ((tries = 0; tries < STOP_SECONDS * 10; tries++)); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill "-$last" "$pid" 2>/dev/null || true
}

# --- The folder of a run ------------------------------------------------------------------------------------------------

# Makes $work, which goes with the script, as do the servers that it started.
open_work() {
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  work="$(mktemp -d "${TMPDIR:-/tmp}/$1.XXXXXX")"
  # As root, PostgreSQL runs as another user, who must get through to its own folder.
  chmod 711 "$work"
}

# Servers that tests started for themselves and could not end, because their process was ended first. A pid file may be
# older than its process, hence the look at where that one works.
stop_orphans() {
  local file pid
  [[ -d "$work/tmp" ]] || return 0
  while read -r file; do
    pid="$(head -1 "$file")"
    [[ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" == "$work"/* ]] && stop "$pid" KILL KILL
  done < <(find "$work/tmp" -name postmaster.pid -o -name redis.pid)
  return 0
}

clean_up() {
  local status=$?
  trap - EXIT INT TERM
  [[ -n "$child" ]] && kill "$child" 2>/dev/null
  if [[ -n "$postgres_data" && -f "$postgres_data/postmaster.pid" ]]; then
    # SIGINT is its fast shutdown, SIGQUIT its immediate one.
    stop "$(head -1 "$postgres_data/postmaster.pid")" INT QUIT
  fi
  [[ -n "$redis_pid" ]] && stop "$redis_pid" TERM KILL
  stop_orphans
  [[ -n "$work" ]] && rm -rf "$work"
  exit "$status"
}
