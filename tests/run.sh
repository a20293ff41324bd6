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
readonly OLDEST_NODE=18
readonly HANG_TIMEOUT=10m

source "$ROOT/tests/servers.sh"

fast=false
filter=

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

# --- What must be installed -------------------------------------------------------------------------------------------

node_is_there() { command -v node >/dev/null && (($(major_of node --version) >= OLDEST_NODE)); }

find_missing() {
  missing=() packages=()
  if ! node_is_there; then missing+=("Node.js $OLDEST_NODE or later") packages+=(nodejs); fi
  if ! command -v npm >/dev/null; then missing+=("npm") packages+=(npm); fi
  [[ $fast == false ]] || return 0
  # Both are needed even where servers are named: some tests kill, flush or forge a server of their own.
  if ! postgres_bin >/dev/null; then missing+=("PostgreSQL $OLDEST_POSTGRES or later") packages+=(postgresql); fi
  if ! redis_binary >/dev/null; then missing+=("Redis $OLDEST_REDIS or later, or Valkey") packages+=(redis-server); fi
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
open_work creditshare-tests
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
