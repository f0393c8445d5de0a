#!/usr/bin/env bash
# What schemathesis (a fuzzer of others, from PyPI) makes of the contract of a real desk: no 5xx, and no answer that
# assets/openapi.json does not say. Skips, saying so, where it is not installed.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v schemathesis >/dev/null; then
    echo "skipped: no schemathesis here; pip install schemathesis, then scripts/deep contract again"
    exit 0
fi
cargo build --quiet --locked
folder=$(mktemp -d)
desk=""
trap '[ -z "$desk" ] || kill "$desk"; rm -rf "$folder"' EXIT
export HOME=$folder XDG_RUNTIME_DIR=$folder
cat >"$folder/team.toml" <<'TEAM'
organisation = [{ name = "Head office" }, { name = "Cardiff", parent = "Head office" }]
role = [{ name = "all", permissions = ["conversations", "admin", "inbound", "outbound"] }]
user = [
  { username = "anna", name = "Anna Webb", organisation = "Cardiff", role = "all" },
  { username = "gwen", name = "Gwen Rees", organisation = "Head office", role = "all" },
]
queue = [{ name = "Payments", owner = "Head office", teams = ["Cardiff"] }]
channel = [{ name = "SMS", kind = "sms" }]
TEAM
database=(--database "sqlite:$folder/desk.db")
handback=target/debug/handback
"$handback" admin apply "$folder/team.toml" "${database[@]}"
token=$("$handback" admin token anna "${database[@]}")
"$handback" serve "${database[@]}" --listen 127.0.0.1:0 2>"$folder/log" &
desk=$!
until address=$(grep -o 'http://127[^/ ]*' "$folder/log" | head -1) && [ -n "$address" ]; do sleep 0.1; done
# A stream never ends, and what would sign the asker out is asked by our own dice.
schemathesis run "$address/openapi.json" --url "$address" --header "Authorization: Bearer $token" \
    --exclude-path /v1/events --rate-limit 95/s --phases examples,coverage,fuzzing --warnings off \
    --max-examples "${EXAMPLES:-100}" --generation-deterministic --continue-on-failure --no-color \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance
if grep -q ' ERROR ' "$folder/log"; then
    grep ' ERROR ' "$folder/log"
    exit 1
fi
