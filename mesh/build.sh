#!/usr/bin/env bash
# Builds what the mesh on one machine runs into bin/: etcd, kube-apiserver and kubectl, the launcher, and Cilium's
# definitions of the policy kinds. The versions are those of go.mod and crds/go.mod. Each is built once and found again;
# the first time takes about five minutes on two cores.
#
# build.sh controllers    build kube-controller-manager as well, which only tests need: two minutes more
# KUBEBUILDER_ASSETS=DIR  use the etcd, kube-apiserver and kubectl in DIR instead of building them
set -euo pipefail
cd -- "$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"

readonly BIN=bin GO_MAJOR=1 GO_MINOR=26
readonly PROGRAMS="etcd kube-apiserver kubectl"
readonly PROMETHEUS_OPERATOR=v0.85.0
readonly QUIET_EVERY=30 # seconds between lines of progress where nobody watches: in CI's log
build=                  # process id of the build under way

fail() {
    printf 'mesh/build.sh: %s\n' "$*" >&2
    exit 1
}

clean_up() {
    [ -z "$build" ] || kill "$build" 2>/dev/null || true
    rm -rf "$BIN"/.*."$$"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

need_go() {
    local wanted="Go $GO_MAJOR.$GO_MINOR or newer (https://go.dev/dl)" version
    command -v go >/dev/null || fail "the mesh is built with Go, and there is no 'go' on the PATH. Install $wanted."
    # Asked in this folder: a go that may fetch a newer toolchain (GOTOOLCHAIN=auto) does so here.
    version=$(go env GOVERSION 2>&1) || fail "this go does not build the mesh: $version. Install $wanted."
    [[ $version =~ ^go([0-9]+)\.([0-9]+) ]] || fail "cannot tell the version of go from '$version'. Install $wanted."
    ((BASH_REMATCH[1] > GO_MAJOR || (BASH_REMATCH[1] == GO_MAJOR && BASH_REMATCH[2] >= GO_MINOR))) ||
        fail "this is $version, which is too old to build the mesh. Install $wanted."
}

version_of() {
    go list -m -f '{{.Version}}' "$1" ||
        fail "cannot look up the version of $1, see above. The first build fetches modules from the network (GOPROXY)."
}

# One line that is overwritten on a terminal; elsewhere a line now and then.
shown_at=0
progress() {
    if [ -t 2 ]; then
        printf '\r\033[K  %s' "$1" >&2
    elif ((SECONDS - shown_at >= QUIET_EVERY)); then
        shown_at=$SECONDS
        printf '  %s\n' "$1" >&2
    fi
}

finished() {
    if [ -t 2 ]; then printf '\r\033[K' >&2; fi
    printf '  %s\n' "$1" >&2
}

elapsed() { printf '%dm%02ds' $((($1) / 60)) $((($1) % 60)); }

# found NAME WHAT: is bin/NAME there, whole, and made from WHAT?
found() { [ -e "$BIN/$1" ] && [ "$(cat "$BIN/$1.made-from" 2>/dev/null)" = "$2" ]; }

# put NAME WHAT: moves what was made in bin/.NAME.$$ to its place. The stamp goes first and comes back last, so that
# whatever is interrupted in between is made again.
put() {
    rm -f "$BIN/$1.made-from"
    rm -rf "${BIN:?}/$1"
    mv "$BIN/.$1.$$" "$BIN/$1"
    printf '%s\n' "$2" >"$BIN/.$1.made-from.$$"
    mv "$BIN/.$1.made-from.$$" "$BIN/$1.made-from"
}

# compile NAME PACKAGE VERSION LDFLAGS
compile() {
    local name=$1 package=$2 version=$3 ldflags=$4 started=$SECONDS log="$BIN/.$1.log.$$" total done_so_far made_from
    made_from="$package $version $(go env GOOS)/$(go env GOARCH) $ldflags"
    if found "$name" "$made_from"; then return; fi
    announce
    progress "$name: looking up (and fetching, the first time) its modules"
    total=$(go list -deps "$package" 2>"$log" | wc -l | tr -d ' ') ||
        fail "cannot get the modules of $name $version: $(tail -n 3 "$log")"
    go build -v -trimpath -gcflags all=-dwarf=false -ldflags "$ldflags" -o "$BIN/.$name.$$" "$package" 2>"$log" &
    build=$!
    while kill -0 "$build" 2>/dev/null; do
        done_so_far=$(grep -c '^[^# ]*$' "$log" || true)
        progress "$name: $done_so_far of $total packages, $(elapsed $((SECONDS - started)))"
        sleep 1
    done
    wait "$build" || fail "cannot build $name $version. Go says: $(grep -v '^[^# ]*$' "$log" | tail -n 20)"
    build=
    put "$name" "$made_from"
    finished "$name $version: built in $(elapsed $((SECONDS - started)))"
}

announced=
announce() {
    [ -z "$announced" ] || return 0
    announced=yes
    printf 'Building the real programs that the mesh runs. The first time takes about five minutes.\n' >&2
}

# numbers_of VERSION: what the programs of Kubernetes have to be told, or they call themselves v0.0.0-master.
numbers_of() {
    local number=${1#v} package=k8s.io/component-base/version
    printf '%s' "-s -w -X $package.gitVersion=$1 -X $package.gitMajor=${number%%.*}"
    number=${number#*.}
    printf '%s' " -X $package.gitMinor=${number%%.*}"
}

compile_programs() {
    local kubernetes etcd ldflags
    kubernetes=$(version_of k8s.io/kubernetes)
    etcd=$(version_of go.etcd.io/etcd/server/v3)
    ldflags=$(numbers_of "$kubernetes")
    compile etcd go.etcd.io/etcd/server/v3 "$etcd" "-s -w"
    compile kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver "$kubernetes" "$ldflags"
    compile kubectl k8s.io/kubernetes/cmd/kubectl "$kubernetes" "$ldflags"
}

compile_controllers() {
    local kubernetes
    kubernetes=$(version_of k8s.io/kubernetes)
    compile kube-controller-manager k8s.io/kubernetes/cmd/kube-controller-manager "$kubernetes" "$(numbers_of "$kubernetes")"
}

check_assets() {
    local name
    for name in $PROGRAMS; do
        [ -x "$KUBEBUILDER_ASSETS/$name" ] || fail "KUBEBUILDER_ASSETS is set to '$KUBEBUILDER_ASSETS', but there is no" \
            "program '$name' in it. Put $PROGRAMS there, or unset KUBEBUILDER_ASSETS to have them built."
    done
}

write_crds() {
    local made_from
    made_from="github.com/cilium/cilium $(cd crds && version_of github.com/cilium/cilium), with CIDR groups"
    if found crds "$made_from"; then return; fi
    progress "Cilium's policy kinds: fetching its module"
    (cd crds && go run . "../$BIN/.crds.$$") || fail "cannot take the policy kinds from $made_from, see above."
    put crds "$made_from"
    finished "policy kinds: taken from $made_from"
}

# The kinds of others that the components of k8s/ use. Their definitions are in no package of their modules either.
write_component_crds() {
    local certmanager operator made_from
    certmanager=$(cd certmanager && version_of github.com/cert-manager/cert-manager)
    made_from="cert-manager $certmanager, prometheus-operator $PROMETHEUS_OPERATOR"
    if found component-crds "$made_from"; then return; fi
    progress "kinds of cert-manager and the Prometheus operator: fetching their modules"
    certmanager=$(folder_of "github.com/cert-manager/cert-manager@$certmanager")/deploy/crds ||
        fail "cannot get cert-manager's module"
    operator=$(folder_of "github.com/prometheus-operator/prometheus-operator@$PROMETHEUS_OPERATOR")/example/prometheus-operator-crd ||
        fail "cannot get the Prometheus operator's module"
    mkdir "$BIN/.component-crds.$$"
    cp "$certmanager"/cert-manager.io_{certificates,certificaterequests,issuers,clusterissuers}.yaml \
        "$operator"/monitoring.coreos.com_{servicemonitors,prometheusrules}.yaml "$BIN/.component-crds.$$"
    chmod u+w "$BIN/.component-crds.$$"/* # Go's cache is read-only
    put component-crds "$made_from"
    finished "kinds of components: taken from $made_from"
}

# Outside of our modules, whose go.sum it would have to change; Go's checksum database vouches for it.
folder_of() { # module@version
    (cd / && go mod download -json "$1") | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'
}

# The policies that Cilium's authors wrote are in no package of the module: the tests read them from its folder.
link_module() {
    local folder
    folder=$(cd crds && go list -m -f '{{.Dir}}' github.com/cilium/cilium) || fail "cannot find the module of Cilium, see above."
    [ -n "$folder" ] || folder=$(cd crds && go mod download -json github.com/cilium/cilium | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    [ -d "$folder" ] || fail "the module of Cilium is not in Go's cache."
    ln -sfn "$folder" "$BIN/cilium"
}

# The tests have reports written of both kinds that tools for policies show. The module of OpenReports has their definitions; that
# of the older PolicyReports cannot be had from Go's proxy, but Kyverno carries them. No Go code of either is needed: the
# versions are here.
readonly REPORTS=github.com/openreports/reports-api@v0.2.1
readonly POLICY_REPORTS=github.com/kyverno/kyverno@v1.19.1
link_report_kinds() {
    local reports policy_reports
    reports=$(folder_of "$REPORTS")/config/crd
    policy_reports=$(folder_of "$POLICY_REPORTS")/config/crds/policyreport
    [ -d "$reports" ] || fail "cannot fetch the definitions of reports, $REPORTS."
    [ -d "$policy_reports" ] || fail "cannot fetch the definitions of policy reports, $POLICY_REPORTS."
    ln -sfn "$reports" "$BIN/report-kinds"
    ln -sfn "$policy_reports" "$BIN/policy-report-kinds"
}

need_go
mkdir -p "$BIN"
export CGO_ENABLED=0
if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then check_assets; else compile_programs; fi
case ${1:-} in
controllers) compile_controllers ;;
?*) fail "usage: mesh/build.sh [controllers]" ;;
esac
write_crds
write_component_crds
link_module
link_report_kinds
go build -trimpath -o "$BIN/.mesh.$$" . || fail "cannot build the launcher, see above."
mv "$BIN/.mesh.$$" "$BIN/mesh"
