#!/usr/bin/env bash
# Checks that Lockstep works in each of the given clusters. Changes nothing: the policy that is judged is a dry run.
set -euo pipefail

readonly NAMESPACE=lockstep PROBE=lockstep-verify SOON=$((7 * 86400))
readonly HOST=lockstep.lockstep.svc # the name for which the API server expects the certificate to be valid
contexts=()
width=0

# The checks in their order: function, what it says. Each needs the API server to answer.
readonly CHECKS="
kinds        Cilium's policy kinds are installed
pods         pods are ready
certificate  certificate is valid
bundle       API server trusts the certificate
judged       a policy is judged
introduced   peers are configured
credentials  credentials are valid
compared     policies are compared with all peers"

usage() {
    cat <<'TEXT'
Usage: k8s/verify.sh CONTEXT...

Checks that Lockstep works in the clusters of these kubectl contexts: prints a table, and for each ✘ what is wrong and
what to do. A policy is sent as a dry run to be judged; nothing is changed. Needs openssl, and the right to read the
Secrets of namespace lockstep. "-" means not checked.

Exit code: 0 no ✘, 1 at least one, 2 wrong usage.
TEXT
}

fail() { # exit code, message
    printf 'verify: %s\n' "$2" >&2
    exit "$1"
}

in_cluster() { kubectl --context "$context" --request-timeout=15s "$@"; }

# Ends a check, which runs in its own shell: what is wrong, what to do.
wrong() {
    printf '%s\n  → %s\n' "$1" "$2" >"$work/wrong"
    exit 1
}

unseen() { exit 2; }

kinds() {
    in_cluster get crd ciliumnetworkpolicies.cilium.io ciliumclusterwidenetworkpolicies.cilium.io -o name >/dev/null 2>&1 ||
        wrong "its API server does not know them" "install Cilium first"
}

pods() {
    local ready wanted
    read -r wanted ready < <(in_cluster --namespace "$NAMESPACE" get deployment lockstep \
        -o 'jsonpath={.spec.replicas} {.status.readyReplicas}{"\n"}' 2>/dev/null) || true
    [ -n "${wanted-}" ] || wrong "there is no Deployment" "kubectl --context $quoted apply -k k8s"
    [ "${ready:-0}" -ge "$wanted" ] || wrong "${ready:-0} of $wanted" \
        "kubectl --context $quoted --namespace $NAMESPACE describe pods, and look at their logs"
}

certificate() {
    local text
    in_cluster --namespace "$NAMESPACE" get secret lockstep-tls -o 'jsonpath={.data.tls\.crt}' 2>/dev/null |
        base64 -d >"$work/tls.crt" || true
    [ -s "$work/tls.crt" ] || wrong "there is no Secret lockstep-tls" "k8s/certify.sh $quoted, or look at cert-manager's Certificate"
    text=$(openssl x509 -in "$work/tls.crt" -noout -enddate -checkhost "$HOST" 2>&1)
    [[ $text != *"does NOT match"* ]] || wrong "it is not valid for $HOST" "make one that is: certs/README.md"
    openssl x509 -in "$work/tls.crt" -noout -checkend "$SOON" >/dev/null ||
        wrong "it expires on $(sed -n 's/notAfter=//p' <<<"$text")" "k8s/certify.sh $quoted, or as it was made: certs/README.md"
}

bundle() {
    local bundle entries=0
    while read -r bundle; do
        entries=$((entries + 1))
        base64 -d <<<"$bundle" >"$work/ca.crt" 2>/dev/null || true
        [ -s "$work/ca.crt" ] || wrong "an entry of the webhook configuration has no caBundle" \
            "k8s/certify.sh $quoted, or look at cert-manager's cainjector"
        [ ! -s "$work/tls.crt" ] || openssl verify -CAfile "$work/ca.crt" -purpose sslserver "$work/tls.crt" >/dev/null 2>&1 ||
            wrong "caBundle is not the CA of the certificate in Secret lockstep-tls" "k8s/certify.sh $quoted"
    done < <(in_cluster get validatingwebhookconfiguration lockstep --ignore-not-found \
        -o 'jsonpath={range .webhooks[*]}{.clientConfig.caBundle}{"\n"}{end}' 2>/dev/null)
    [ "$entries" != 0 ] || wrong "there is no webhook configuration" "kubectl --context $quoted apply -k k8s"
}

# How often the API server got an answer, by its own count; empty if we may not ask.
answers() {
    in_cluster get --raw /metrics 2>/dev/null | awk '
        /^apiserver_admission_webhook_request_total\{.*code="200".*name="policies\.lockstep\.mesh"/ { sum += $2; seen = 1 }
        END { if (seen) print sum }' || true
}

probe() {
    in_cluster create --dry-run=server -f - 2>&1 >/dev/null <<YAML || true
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata:
  name: $PROBE
spec:
  endpointSelector:
    matchLabels:
      lockstep.mesh/verify: nobody
  ingress:
    - {}
YAML
}

# Keeps the judgment in the API server's words for later; empty where there was nothing to say, as at level audit.
judged() {
    local before said
    before=$(answers)
    said=$(probe)
    printf '%s' "$said" >"$work/said"
    [[ $said != *"failed calling webhook"* ]] || wrong "${said##*failed calling webhook }" \
        "check the path from the API server to the pods: docs/operations.md, The webhook is down"
    [[ $said != *"$PROBE"*"["* ]] || return 0
    [[ -z $said ]] || wrong "$said" "are you allowed to create policies in $context?"
    [[ $(answers) != "$before" ]] || wrong "the API server got no answer, and admits policies unchecked" \
        "check the path from the API server to the pods: docs/operations.md, The webhook is down"
}

peers() { # the names in the Secret lockstep-peers
    in_cluster --namespace "$NAMESPACE" get secret lockstep-peers --ignore-not-found \
        -o 'go-template={{range $name, $_ := .data}}{{$name}} {{end}}' 2>/dev/null || true
}

name_of() { # context: the cluster's name in the mesh
    kubectl --context "$1" --request-timeout=15s --namespace kube-system get configmap cilium-config --ignore-not-found \
        -o 'jsonpath={.data.cluster-name}' 2>/dev/null || true
}

introduced() {
    local other name known
    known=" $(peers)"
    for other in "${contexts[@]}"; do
        [ "$other" != "$context" ] || continue
        name=$(name_of "$other")
        [[ $known == *" ${name:-$other} "* ]] || wrong "it has no credential for ${name:-$other}" "k8s/connect.sh$all"
    done
    [ "$known" != " " ] || wrong "it has no peer" "k8s/connect.sh $quoted OTHER..."
}

credentials() {
    { set +x; } 2>/dev/null # tokens stay out of what bash -x shows
    local known peer token claims end start
    known=$(peers)
    [ -n "$known" ] || unseen
    for peer in $known; do
        token=$(in_cluster --namespace "$NAMESPACE" get secret lockstep-peers \
            -o "go-template={{index .data \"$peer\" | base64decode}}" | sed -n 's/^ *token: //p')
        claims=$(cut -d. -f2 <<<"$token" | tr '_-' '/+')
        while ((${#claims} % 4)); do claims+='='; done
        claims=$(base64 -d <<<"$claims" 2>/dev/null || true)
        end=$(sed -n 's/.*"exp":\([0-9]*\).*/\1/p' <<<"$claims") start=$(sed -n 's/.*"iat":\([0-9]*\).*/\1/p' <<<"$claims")
        [ -n "$end" ] && [ -n "$start" ] || continue # a client certificate, or a token that does not say
        [ "$(date +%s)" -lt "$end" ] || wrong "the one for $peer has expired" "k8s/connect.sh$all"
        [ "$(date +%s)" -lt $((end - (end - start) / 5)) ] || wrong "the one for $peer expires soon" "k8s/connect.sh$all"
    done
}

compared() {
    local said unknown seen wanted
    said=$(cat "$work/said" 2>/dev/null || true)
    [[ $said == *"$PROBE"*"["* ]] || unseen # level audit, or no peer
    unknown=$(sed -n "s/.*$PROBE: not compared with \(.*\) \[Unknown\].*/\1/p" <<<"$said")
    [ -z "$unknown" ] || wrong "not with $unknown" "docs/operations.md, A peer is Unknown"
    seen=$(sed -n "s/.*$PROBE: \([0-9]*\) members* do.* not have it: .*/\1/p" <<<"$said")
    wanted=$(peers | wc -w | tr -d ' ')
    [ "${seen:-0}" -ge "$wanted" ] || wrong "with ${seen:-0} of $wanted" \
        "wait two minutes after k8s/connect.sh; after that, the pods' log says why"
}

look() { # adds the checks of $context to the table
    local check label result reached=yes
    quoted=$(printf '%q' "$context") # so that it can be copied
    rm -f "$work"/*.crt "$work/said"
    in_cluster get --raw /readyz >/dev/null 2>"$work/err" || reached=
    printf '%s\n  → is %s in your kubeconfig right?\n' "$(head -n 1 "$work/err")" "$context" >"$work/wrong"
    record "API server answers" "${reached:+0}"
    while read -r check label; do
        [ -n "$check" ] || continue
        result=2
        if [ -n "$reached" ]; then
            result=0
            ("$check") || result=$?
        fi
        record "$label" "$result"
    done <<<"$CHECKS"
}

record() { # the check; 0 good, 2 not checked, else wrong
    local mark
    case $2 in 0) mark=✔ ;; 2) mark=- ;; *) mark=✘ ;; esac
    printf '%s\t%s\n' "$1" "$mark" >>"$work/table"
    [ "$mark" != ✘ ] || printf '✘ %s: %s: %s\n' "$context" "$1" "$(cat "$work/wrong")" >>"$work/complaints"
}

table() {
    local label
    printf '%-40s' "" && printf "%-${width}s" "${contexts[@]}" && printf '\n'
    cut -f1 "$work/table" | awk '!seen[$0]++' | while IFS= read -r label; do
        printf '%-40s' "$label"
        # printf counts bytes: the marks are padded by hand.
        awk -F '\t' -v label="$label" -v width="$width" '$1 == label { printf "%s%*s", $2, width - 1, "" }' "$work/table"
        printf '\n'
    done
}

for argument in "$@"; do
    case $argument in
        --help | -h) usage && exit 0 ;;
        -*) fail 2 "unknown option $argument; see --help" ;;
        *) contexts+=("$argument") ;;
    esac
    ((${#argument} + 2 <= width)) || width=$((${#argument} + 2))
done
[ ${#contexts[@]} -gt 0 ] || fail 2 "name at least one context; see --help"
command -v kubectl >/dev/null || fail 1 "kubectl is not installed"
command -v openssl >/dev/null || fail 1 "openssl is not installed"
all=$(printf ' %q' "${contexts[@]}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/complaints"
for context in "${contexts[@]}"; do look; done
table
[ -s "$work/complaints" ] || exit 0
printf '\n' && cat "$work/complaints"
exit 1
