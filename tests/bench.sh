#!/usr/bin/env bash
#
# Builds everything and measures it beside its peers, on servers of its own; needs no preparation. Leave the machine alone
# meanwhile: whatever runs beside it is measured, too. Usage: tests/bench.sh --help

set -euo pipefail

readonly ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly RESULTS="$ROOT/tests/CreditShare.Benchmarks/Results"

source "$ROOT/tests/servers.sh"

usage() {
  cat <<'TEXT'
Usage: tests/bench.sh [ROW ...] [--quick] [--pairs N] [--keep]

  ROW        only the rows of these names; the result is printed and not kept. An unknown name lists them
  --quick    one pair without a turn before it and less work, in four minutes instead of half an hour; the result is printed and not kept
  --keep     the result of such a run is kept all the same
  --pairs N  how often both sides are measured in turn; 5 without it, 1 in a quick run

A run of all rows writes tests/CreditShare.Benchmarks/Results/DATE.md and DATE.png, a kept one of some rows DATE-ROW.md; a second one of the day
gets a number. The rows `settings` and `connections` are measured only if they are named. Exit codes: 0 measured, 1 something failed or
is missing, 2 usage. A goal that is not reached is told in the table and fails nothing.
TEXT
}

find_missing() {
  missing=() packages=()
  if ! postgres_bin >/dev/null; then missing+=("PostgreSQL $OLDEST_POSTGRES or later") packages+=(postgresql); fi
  if ! redis_binary >/dev/null; then missing+=("Redis $OLDEST_REDIS or later, or Valkey") packages+=(redis-server); fi
  if ! command -v nats-server >/dev/null; then missing+=("nats-server") packages+=(nats-server); fi
  if ! command -v h2load >/dev/null; then missing+=("h2load") packages+=(nghttp2-client); fi
}

keep=true kept=false
arguments=()
while (($# > 0)); do
  case "$1" in
    --quick) keep=false arguments+=("$1") ;;
    --pairs)
      [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || { usage >&2; exit 2; }
      arguments+=("$1" "$2")
      shift
      ;;
    --keep) kept=true ;;
    --help | -h) usage; exit 0 ;;
    -*) usage >&2; exit 2 ;;
    # The program wants the names of rows before its options.
    *) keep=false arguments=("$1" ${arguments[@]+"${arguments[@]}"}) ;;
  esac
  shift
done

cd "$ROOT"
PATH="$PATH:/usr/sbin"
open_work creditshare-bench
ensure_installed
[[ -n "${CREDITSHARE_TEST_POSTGRES:-}" ]] || start_postgres
[[ -n "${CREDITSHARE_TEST_REDIS:-}" ]] || start_redis

say "building"
run dotnet build tests/CreditShare.Benchmarks/CreditShare.Benchmarks.csproj -c Release --nologo -v quiet -nodeReuse:false || fail "the build failed"

[[ $keep == false && $kept == false ]] || arguments+=(--out "$RESULTS")
mkdir "$work/tmp"
TMPDIR="$work/tmp" run dotnet tests/CreditShare.Benchmarks/bin/Release/net10.0/CreditShare.Benchmarks.dll bench ${arguments[@]+"${arguments[@]}"}
