#!/usr/bin/env bash
# Builds Go programs in folders next to this file into mesh/bin, with the versions that their go.mod name, for the tests:
#   oracle       Cilium's own engine; only the verbs of make that begin with oracle need it
#   certmanager  cert-manager's controllers, for the component cert-manager
#   helm         Helm, for the chart
#   flux         Flux's kustomize-controller, for the stories of GitOps
#   registry     an image registry with a base image, for the image
#   kubeconform  for the manifests
#   promtool     Prometheus' own; for the alerts
#   argocd       Argo CD's application-controller and repo-server; only "make gitops" needs it
#   load         sends requests at a fixed rate; only "make load" and "make beside" need it
#   empty        a webhook that admits everything; only "make beside" needs it and the next two
#   gatekeeper   Gatekeeper, which judges by rules in Rego
#   kyverno      Kyverno's admission controller
# The first time takes up to two minutes each on two cores, helm up to three, flux and argocd up to five; gatekeeper and
# kyverno took half an hour each, a package at a time next to much other work. Later ones come from Go's cache.
set -euo pipefail

[ $# -gt 0 ] || set -- ""
cd -- "$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"

fail() {
    printf 'mesh/build-tool.sh: %s\n' "$*" >&2
    exit 1
}

# kinds NAME MODULE FOLDER...: puts the definitions of the kinds that NAME works with into bin/NAME-crds. They are in folders of
# modules, of which no package is needed: outside of our own go.mod, so that Go's checksum database vouches for them.
kinds() {
    local name=$1 folder
    shift
    rm -rf "bin/.$name-crds.$$"
    mkdir "bin/.$name-crds.$$"
    while [ $# -gt 0 ]; do
        folder=$(cd / && go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
        cp "$folder/$2"/*.yaml "bin/.$name-crds.$$" || fail "cannot get the kinds of $1, see above."
        shift 2
    done
    chmod u+w "bin/.$name-crds.$$"/* # Go's cache is read-only
    rm -rf "bin/$name-crds"
    mv "bin/.$name-crds.$$" "bin/$name-crds"
}

# version NAME MODULE: which the go.mod of NAME says.
version() { (cd "$1" && go list -m -f '{{.Version}}' "$2"); }

command -v go >/dev/null || fail "the tests' tools are built with Go, and there is no 'go' on the PATH (https://go.dev/dl)."
for name in "$@"; do
    [ -f "$name/go.mod" ] || fail "there is no program '$name'. Usage: mesh/build-tool.sh oracle|certmanager|helm|flux|registry|kubeconform|promtool|argocd|load|empty|gatekeeper|kyverno ..."
    [ -x "bin/$name" ] || printf 'Building %s. The first time takes minutes.\n' "$name" >&2
    # Our own program, or the one that go.mod names as a tool. The tag leaves out of promtool how Prometheus finds its targets in clouds.
    package=tool
    [ ! -f "$name/main.go" ] || package=.
    # What is measured is built like a release. What runs for seconds builds in two thirds of the time without inlining.
    case $name in
    oracle | load | empty | gatekeeper | kyverno) compiler= ;;
    *) compiler="all=-l -dwarf=false" ;;
    esac
    mkdir -p bin
    (cd "$name" && CGO_ENABLED=0 go build -trimpath -tags remove_all_sd -gcflags "$compiler" -ldflags "-s -w" -o "../bin/.$name.$$" "$package") || {
        rm -f "bin/.$name.$$"
        fail "$name does not build, see above. The first build fetches modules from the network (GOPROXY)."
    }
    case $name in
    flux) kinds flux "github.com/fluxcd/kustomize-controller@$(version flux github.com/fluxcd/kustomize-controller)" config/crd/bases \
        "github.com/fluxcd/source-controller@$(version flux github.com/fluxcd/source-controller/api)" config/crd/bases ;;
    gatekeeper) kinds gatekeeper "github.com/open-policy-agent/gatekeeper/v3@$(version gatekeeper github.com/open-policy-agent/gatekeeper/v3)" \
        charts/gatekeeper/crds ;;
    kyverno)
        kyverno=github.com/kyverno/kyverno@$(version kyverno github.com/kyverno/kyverno)
        kinds kyverno "$kyverno" config/crds/kyverno "$kyverno" config/crds/policies.kyverno.io "$kyverno" config/crds/reports
        ;;
    argocd) kinds argocd "github.com/argoproj/argo-cd/v3@$(version argocd github.com/argoproj/argo-cd/v3)" manifests/crds ;;
    esac
    mv "bin/.$name.$$" "bin/$name"
done
