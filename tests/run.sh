#!/usr/bin/env bash
#
# Builds everything, checks its style and runs all tests against real servers; needs no preparation.
# What it does, what it installs and what it leaves behind: tests/README.md. Usage: tests/run.sh --help
#
# The last line is the result, `N passed, N failed`; the exit code is 0 only if something passed and nothing failed.

set -euo pipefail

readonly ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly TOOLS="$ROOT/.tools"
readonly CONFIGURATION=Release
readonly OLDEST_POSTGRES=15
readonly OLDEST_REDIS=6
readonly OLDEST_NODE=18
readonly START_ATTEMPTS=5
readonly STOP_SECONDS=30
readonly HANG_TIMEOUT=10m

fast=false
filter=
work=
postgres_data=
redis_pid=
child=

usage() {
  cat <<'TEXT'
Usage: tests/run.sh [--fast] [--filter EXPRESSION]

  --fast               unit tests only: no PostgreSQL, no Redis, no check of the format
  --filter EXPRESSION  only the tests that match, in the words of `dotnet test --filter`

Servers named in CREDITSHARE_TEST_POSTGRES (an Npgsql connection string whose user may create databases) and
CREDITSHARE_TEST_REDIS (a StackExchange.Redis configuration) are used as they are; otherwise private ones are started
and stopped again. Exit codes: 0 all passed, 1 something failed or is missing, 2 usage.
TEXT
}

say() { printf '== %s\n' "$*"; }

fail() {
  printf 'tests/run.sh: %s\n' "$*" >&2
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

# --- What must be installed -------------------------------------------------------------------------------------------

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

node_is_there() { command -v node >/dev/null && (($(major_of node --version) >= OLDEST_NODE)); }

missing=()
packages=()

find_missing() {
  missing=() packages=()
  if ! node_is_there; then missing+=("Node.js $OLDEST_NODE or later") packages+=(nodejs); fi
  if ! command -v npm >/dev/null; then missing+=("npm") packages+=(npm); fi
  [[ $fast == false ]] || return 0
  # Both are needed even where servers are named: some tests kill, flush or forge a server of their own.
  if ! postgres_bin >/dev/null; then missing+=("PostgreSQL $OLDEST_POSTGRES or later") packages+=(postgresql); fi
  if ! redis_binary >/dev/null; then missing+=("Redis $OLDEST_REDIS or later, or Valkey") packages+=(redis-server); fi
}

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

# buf and the gRPC client of another make, at the versions of the lock file; kept in .tools between runs.
ensure_tools() {
  if ! cmp -s "$ROOT/tests/tools/package-lock.json" "$TOOLS/installed.json" || [[ ! -x "$TOOLS/node_modules/.bin/buf" ]]; then
    say "installing the tools of tests/tools"
    mkdir -p "$TOOLS"
    rm -f "$TOOLS/installed.json"
    cp "$ROOT/tests/tools/package.json" "$ROOT/tests/tools/package-lock.json" "$TOOLS/"
    # Not `npm ci`: it wants the entries of every platform's binary, also of those that a registry's copy lacks.
    (cd "$TOOLS" && npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error) >"$work/npm.log" 2>&1 ||
      { tail -20 "$work/npm.log" >&2; fail "npm could not install the tools of tests/tools"; }
    cp "$ROOT/tests/tools/package-lock.json" "$TOOLS/installed.json"
  fi
  export CREDITSHARE_TEST_TOOLS="$TOOLS/node_modules"
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

# --- Results ----------------------------------------------------------------------------------------------------------

passed=0
failed=0
skipped=0

# `dotnet test` prints no sum that can be relied on; the trx file has the counters.
count() {
  local trx="$1" name="$2" status="$3" line
  if [[ ! -f "$trx" ]]; then
    printf 'FAILED  %s: the run ended without a result (exit code %s)\n' "$name" "$status"
    failed=$((failed + 1))
    return
  fi
  line="$(grep -o '<Counters [^>]*' "$trx" | head -1)"
  local total ok
  total="$(sed -E 's/.* total="([0-9]+)".*/\1/' <<<"$line")"
  ok="$(sed -E 's/.* passed="([0-9]+)".*/\1/' <<<"$line")"
  local bad unrun
  bad="$(grep -cE '<UnitTestResult [^>]*outcome="(Failed|Error|Timeout|Aborted)"' "$trx" || true)"
  unrun=$((total - ok - bad))
  passed=$((passed + ok))
  failed=$((failed + bad))
  skipped=$((skipped + unrun))
  { grep -E '<UnitTestResult [^>]*outcome="(Failed|Error|Timeout|Aborted)"' "$trx" || true; } |
    sed -E 's/.* testName="([^"]*)".*/FAILED  \1/; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
  # A test host that crashed leaves its last tests without a result, and with them the failure.
  if ((status != 0 && bad == 0)); then
    printf 'FAILED  %s: the run broke off (exit code %s)\n' "$name" "$status"
    failed=$((failed + 1))
  fi
}

test_project() {
  local name="$1" status=0
  say "testing $name"
  # What tests put into their temporary folder goes with ours.
  mkdir -p "$work/tmp"
  TMPDIR="$work/tmp" run dotnet test "$ROOT/tests/$name/$name.csproj" -c "$CONFIGURATION" --no-build --nologo \
    --logger "trx;LogFileName=$name.trx" --results-directory "$work/results" \
    --blame-hang-timeout "$HANG_TIMEOUT" --blame-hang-dump-type none \
    ${filter:+--filter "$filter"} || status=$?
  # A filter may leave one of the projects with nothing to do.
  if [[ -n "$filter" && $status -eq 0 && ! -f "$work/results/$name.trx" ]]; then return; fi
  count "$work/results/$name.trx" "$name" "$status"
}

# --- The run ----------------------------------------------------------------------------------------------------------

while (($# > 0)); do
  case "$1" in
    --fast) fast=true ;;
    --filter)
      (($# > 1)) || { usage >&2; exit 2; }
      filter="$2"
      shift
      ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

cd "$ROOT"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1

trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
work="$(mktemp -d "${TMPDIR:-/tmp}/creditshare-tests.XXXXXX")"
# As root, PostgreSQL runs as another user, who must get through to its own folder.
chmod 711 "$work"

ensure_installed
ensure_tools
if [[ $fast == false ]]; then
  # The tests look for the programs in the path, if they are not where Debian puts them.
  PATH="$PATH:$(postgres_bin)"
  [[ -n "${CREDITSHARE_TEST_POSTGRES:-}" ]] || start_postgres
  [[ -n "${CREDITSHARE_TEST_REDIS:-}" ]] || start_redis
fi

say "building"
if [[ $fast == true ]]; then
  run dotnet build tests/CreditShare.Tests/CreditShare.Tests.csproj -c "$CONFIGURATION" --nologo -v quiet -nodeReuse:false ||
    fail "the build failed"
else
  run dotnet build CreditShare.sln -c "$CONFIGURATION" --nologo -v quiet -nodeReuse:false || fail "the build failed"
  say "checking the format"
  run dotnet format CreditShare.sln --verify-no-changes --no-restore || {
    printf 'FAILED  dotnet format would change files\n'
    failed=$((failed + 1))
  }
fi

test_project CreditShare.Tests
[[ $fast == true ]] || test_project CreditShare.IntegrationTests

((skipped == 0)) || say "$skipped left out"
printf '%s passed, %s failed\n' "$passed" "$failed"
((failed == 0 && passed > 0))
