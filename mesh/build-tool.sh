#!/usr/bin/env bash
# Builds Go programs in folders beside this file into mesh/bin, with the versions that their go.mod name, for the tests:
#   oracle       Cilium's own engine; only the verbs of make that begin with oracle need it
#   certmanager  cert-manager's controllers, for the component cert-manager
#   registry     an image registry with a base image, for the image
#   kubeconform  for the manifests
#   promtool     Prometheus' own; only "make alerts" needs it
#   load         sends requests at a fixed rate; only "make load" needs it
# The first time takes up to two minutes each on two cores, later ones come from Go's cache.
set -euo pipefail

[ $# -gt 0 ] || set -- ""
cd -- "$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"

fail() {
    printf 'mesh/build-tool.sh: %s\n' "$*" >&2
    exit 1
}

command -v go >/dev/null || fail "the tests' tools are built with Go, and there is no 'go' on the PATH (https://go.dev/dl)."
for name in "$@"; do
    [ -f "$name/go.mod" ] || fail "there is no program '$name'. Usage: mesh/build-tool.sh oracle|certmanager|registry|kubeconform|promtool|load ..."
    [ -x "bin/$name" ] || printf 'Building %s. The first time takes about two minutes.\n' "$name" >&2
    # Our own program, or the one that go.mod names as a tool. The tag leaves out of promtool how Prometheus finds its targets in clouds.
    package=tool
    [ ! -f "$name/main.go" ] || package=.
    mkdir -p bin
    (cd "$name" && CGO_ENABLED=0 go build -trimpath -tags remove_all_sd -ldflags "-s -w" -o "../bin/.$name.$$" "$package") || {
        rm -f "bin/.$name.$$"
        fail "$name does not build, see above. The first build fetches modules from the network (GOPROXY)."
    }
    mv "bin/.$name.$$" "bin/$name"
done
