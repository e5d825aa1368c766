#!/usr/bin/env bash
# Builds the Go program in a folder beside this file into mesh/bin, with the versions that its go.mod names: "oracle", of
# Cilium's packages, which only the verbs of make that begin with oracle need, "certmanager", for the test of the component
# cert-manager, and "load", for make load. The first time takes up to two minutes on two cores, later ones come from Go's cache.
set -euo pipefail

readonly name=${1:?usage: mesh/build-tool.sh oracle|certmanager|load}
cd -- "$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"

fail() {
    printf 'mesh/build-tool.sh: %s\n' "$*" >&2
    exit 1
}

[ -f "$name/go.mod" ] || fail "there is no program '$name'"
command -v go >/dev/null || fail "$name is built with Go, and there is no 'go' on the PATH (https://go.dev/dl)."
mkdir -p bin
[ -x "bin/$name" ] || printf 'Building %s. The first time takes about two minutes.\n' "$name" >&2
(cd "$name" && CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "../bin/.$name.$$" .) || {
    rm -f "bin/.$name.$$"
    fail "$name does not build, see above."
}
mv "bin/.$name.$$" "bin/$name"
