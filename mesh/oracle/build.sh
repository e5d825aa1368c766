#!/usr/bin/env bash
# Builds the oracle into mesh/bin, with the version of Cilium that go.mod names. The first time takes about two minutes on two
# cores, later ones come from Go's cache. Nothing but `make oracle` and `make oracle-corpus` needs it.
set -euo pipefail
cd -- "$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"

fail() {
    printf 'mesh/oracle/build.sh: %s\n' "$*" >&2
    exit 1
}

command -v go >/dev/null || fail "the oracle is built with Go, and there is no 'go' on the PATH (https://go.dev/dl)."
mkdir -p ../bin
[ -x ../bin/oracle ] || printf 'Building the oracle of Cilium packages. The first time takes about two minutes.\n' >&2
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "../bin/.oracle.$$" . || {
    rm -f "../bin/.oracle.$$"
    fail "it does not build, see above."
}
mv "../bin/.oracle.$$" ../bin/oracle
