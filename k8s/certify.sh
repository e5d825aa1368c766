#!/usr/bin/env bash
# Gives the webhook in each of the given clusters a serving certificate, and has the API server there trust it. All that
# lasts is in the cluster: whoever may write there can do it again.
set -euo pipefail

readonly NAMESPACE=lockstep SECRET=lockstep-tls CONFIGURATION=lockstep
readonly MANAGER='{{with .metadata.annotations}}{{with index . "cert-manager.io/certificate-name"}}{{.}}{{end}}{{end}}'
readonly HOST=lockstep.lockstep.svc # the name for which the API server expects the certificate to be valid
contexts=()
days=90
from=
renew=
dry_run=
folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)

usage() {
    cat <<'TEXT'
Usage: k8s/certify.sh [option]... CONTEXT...

For the clusters of these kubectl contexts, after "kubectl apply -k k8s": the Secret lockstep-tls, with a serving
certificate of a CA of its own, and caBundle of the webhook configuration. A certificate that has more than a third of
its days left is kept, so this may be repeated: run it once a week. Nothing fails meanwhile: the API server trusts the
new CA and the one before. The CA's key is thrown away. Needs openssl.

  --renew     also replace a certificate that has more than a third of its days left
  --days N    how long a new one is valid, 1 to 364 days (default: 90)
  --from DIR  do not make one, take ca.crt, tls.crt and tls.key (PKCS#8) from DIR
  --dry-run   say what would be done

Exit code: 0 done, 1 failed in at least one cluster, 2 wrong usage.
TEXT
}

fail() { # exit code, message
    printf 'certify: %s\n' "$2" >&2
    exit "$1"
}

in_cluster() { kubectl --context "$context" --request-timeout=15s "$@"; }

say() { printf '%s%s: %s\n' "${dry_run:+would: }" "$context" "$1"; }

encoded() { openssl base64 -A -in "$1"; }

first_of() { sed '/END CERTIFICATE/q' "$1"; }

# What the cluster has: in $work/kept.
look() {
    local json ca crt
    json=$(in_cluster --namespace "$NAMESPACE" get secret "$SECRET" --ignore-not-found -o \
        "go-template={{index .data \"ca.crt\"}} {{index .data \"tls.crt\"}} $MANAGER") || return 1
    : >"$work/kept.ca" && : >"$work/kept.crt"
    manager=
    [ -n "$json" ] || return 0
    read -r ca crt manager <<<"$json"
    base64 -d <<<"$ca" >"$work/kept.ca" && base64 -d <<<"$crt" >"$work/kept.crt"
}

is_good() {
    [ -z "$renew$from" ] && [ -s "$work/kept.crt" ] &&
        openssl x509 -in "$work/kept.crt" -noout -checkend $((days * 86400 / 3)) >/dev/null
}

# In $work/new: ca.crt, tls.crt, tls.key.
make() {
    rm -rf "$work/new"
    if [ -n "$from" ]; then
        cp -R "$from" "$work/new"
    else
        "$folder/../certs/make-certs.sh" --out "$work/new" --days "$days" >/dev/null || return 1
        # What pods serve until the new one has reached them is trusted meanwhile.
        first_of "$work/kept.ca" >>"$work/new/ca.crt"
    fi
    [[ $(openssl x509 -in "$work/new/tls.crt" -noout -checkhost "$HOST") != *"does NOT match"* ]] &&
        openssl verify -CAfile "$work/new/ca.crt" -purpose sslserver "$work/new/tls.crt" >/dev/null && return
    say "the certificate is not valid for $HOST, or not by its ca.crt" >&2
    return 1
}

# The file that the API server shall trust, in every entry of the webhook configuration that has another one.
trust() {
    local bundles bundle wanted patch='' entry=0
    bundles=$(in_cluster get validatingwebhookconfiguration "$CONFIGURATION" \
        -o 'jsonpath={range .webhooks[*]}={.clientConfig.caBundle}{"\n"}{end}') || return 1
    wanted=$(encoded "$1")
    while read -r bundle; do
        [ "$bundle" = "=$wanted" ] ||
            patch="$patch,{\"op\":\"add\",\"path\":\"/webhooks/$entry/clientConfig/caBundle\",\"value\":\"$wanted\"}"
        entry=$((entry + 1))
    done <<<"$bundles"
    [ -n "$patch" ] || return 0
    say "the API server trusts it"
    [ -n "$dry_run" ] || in_cluster patch validatingwebhookconfiguration "$CONFIGURATION" --type json \
        --patch "[${patch#,}]" >/dev/null
}

serve() { # the key is never on a command line
    in_cluster apply --server-side --force-conflicts --field-manager=lockstep-certify -f - >/dev/null <<YAML
apiVersion: v1
kind: Secret
type: kubernetes.io/tls
metadata:
  name: $SECRET
  namespace: $NAMESPACE
  labels:
    app.kubernetes.io/name: lockstep
data:
  ca.crt: $(encoded "$work/new/ca.crt")
  tls.crt: $(encoded "$work/new/tls.crt")
  tls.key: $(encoded "$work/new/tls.key")
YAML
}

certify() {
    look || return 1
    if is_good; then
        say "certificate kept, until $(openssl x509 -in "$work/kept.crt" -noout -enddate | cut -d= -f2)"
        trust "$work/kept.ca"
        return
    fi
    if [ -n "$manager" ]; then
        say "cert-manager keeps this certificate, and should renew it: look at Certificate $manager"
        return 1
    fi
    say "new certificate"
    make || return 1
    # First of all trusted.
    trust "$work/new/ca.crt" && { [ -n "$dry_run" ] || serve; }
}

while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) usage && exit 0 ;;
        --renew) renew=yes ;;
        --dry-run) dry_run=yes ;;
        --days | --from)
            [ -n "${2-}" ] || fail 2 "$1 needs a value; see --help"
            case $1 in --days) days=$2 ;; *) from=$2 ;; esac
            shift
            ;;
        -*) fail 2 "unknown option $1; see --help" ;;
        *) contexts+=("$1") ;;
    esac
    shift
done
[ ${#contexts[@]} -gt 0 ] || fail 2 "name at least one context; see --help"
[[ $days =~ ^[1-9][0-9]{0,2}$ && $days -lt 365 ]] || fail 2 "--days '$days' is not a number from 1 to 364"
command -v kubectl >/dev/null || fail 1 "kubectl is not installed"
command -v openssl >/dev/null || fail 1 "openssl is not installed"
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
for context in "${contexts[@]}"; do
    certify || {
        printf 'certify: %s: failed, see above\n' "$context" >&2
        status=1
    }
done
exit $status
