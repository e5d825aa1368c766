#!/usr/bin/env bash
# Builds cert-manager's controllers into mesh/bin, in the version that go.mod names. The first time takes about two minutes
# on two cores, later ones come from Go's cache. Only the test of the component cert-manager needs it.
set -euo pipefail
cd -- "$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"

fail() {
    printf 'mesh/certmanager/build.sh: %s\n' "$*" >&2
    exit 1
}

command -v go >/dev/null || fail "cert-manager is built with Go, and there is no 'go' on the PATH (https://go.dev/dl)."
mkdir -p ../bin
[ -x ../bin/certmanager ] || printf 'Building cert-manager. The first time takes about two minutes.\n' >&2
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "../bin/.certmanager.$$" . || {
    rm -f "../bin/.certmanager.$$"
    fail "it does not build, see above."
}
mv "../bin/.certmanager.$$" ../bin/certmanager
