#!/usr/bin/env bash
# Makes a certificate authority (CA) and the webhook's serving certificate, with nothing but openssl; and what an API
# server needs to identify itself to the webhook.
set -euo pipefail

readonly CA_DAYS=365 # its key is on a disk, unprotected: a year limits what a stolen one is good for
days=90              # as cert-manager does: renewed often enough that renewal is practiced
default_out=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)/out
out=$default_out
service=lockstep
namespace=lockstep
extra_names=()
mode=create

usage() {
    cat <<'EOF'
Usage: certs/make-certs.sh [option]...

Makes a CA and the webhook's serving certificate (EC P-256): ca.crt, ca.key, tls.crt, tls.key.

  --out DIR        where to write          (default: the folder "out" next to this script)
  --service NAME   the webhook's Service   (default: lockstep)
  --namespace NS   the Service's namespace (default: lockstep)
  --name NAME      one more DNS name or IP address of the certificate; may be repeated
  --days N         how long the serving certificate is valid, 1 to 364 days (default: 90)
  --renew          keep the CA in DIR; issue a new serving certificate and key (repeat its --name options)
  --client         make what an API server needs to identify itself to the webhook, valid as long as the CA in DIR:
                   admission-webhooks.kubeconfig with a certificate and its key, and admission-configuration.yaml
  --new-ca         also replace the CA; ca.crt then has the new and the old one, so that nothing fails meanwhile
  --help           this text

Exit code: 0 done, 1 failed, 2 wrong usage, 3 DIR has certificates already, or none that could be renewed.
Unless the exit code is 0, the certificates in DIR are as they were.
EOF
}

fail() { # exit code, message
    printf 'make-certs: %s\n' "$2" >&2
    exit "$1"
}

read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --out | --service | --namespace | --name | --days)
                [ -n "${2-}" ] || fail 2 "$1 needs a value; see --help"
                ;;
        esac
        case $1 in
            --out) out=$2 && shift ;;
            --service) service=$2 && shift ;;
            --namespace) namespace=$2 && shift ;;
            --name) extra_names+=("$2") && shift ;;
            --days) days=$2 && shift ;;
            --renew | --new-ca | --client) mode=${1#--} ;;
            --help | -h) usage && exit 0 ;;
            *) fail 2 "unknown option $1; see --help" ;;
        esac
        shift
    done
    case $out in -*) out=./$out ;; esac # a folder's name, never an option
}

is_label() { [[ ${#1} -le 63 && $1 =~ ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$ ]]; }

is_ip_address() {
    local octet='(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
    [[ $1 =~ ^$octet(\.$octet){3}$ || $1 =~ ^[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+$ ]]
}

is_dns_name() {
    local label='[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?'
    [[ ${#1} -le 253 && ! $1 =~ ^[0-9.]+$ && $1 =~ ^(\*\.)?$label(\.$label)*$ ]]
}

check_options() {
    is_label "$service" || fail 2 "--service '$service' is not the name of a Service"
    is_label "$namespace" || fail 2 "--namespace '$namespace' is not the name of a namespace"
    [[ $days =~ ^[1-9][0-9]{0,2}$ && $days -lt $CA_DAYS ]] ||
        fail 2 "--days '$days' is not a number from 1 to $((CA_DAYS - 1)): the CA is valid for $CA_DAYS days"
}

# Sets $names, in openssl's notation: DNS:a,DNS:b,IP:10.0.0.1
collect_names() {
    local name
    names=DNS:$service
    for name in "$service.$namespace" "$service.$namespace.svc" "$service.$namespace.svc.cluster.local" \
        ${extra_names[@]+"${extra_names[@]}"}; do # bash 3.2 calls an empty array unbound
        if is_ip_address "$name"; then
            name=IP:$name
        elif is_dns_name "$name"; then
            name=DNS:$name
        else
            fail 2 "--name '$name' is neither a DNS name nor an IP address"
        fi
        case ,$names, in *",$name,"*) ;; *) names=$names,$name ;; esac
    done
}

end_of() { openssl x509 -in "$1" -noout -enddate | cut -d= -f2; }

check_folder() {
    local file
    if [ "$mode" = create ]; then
        for file in ca.crt ca.key tls.crt tls.key; do
            [ ! -e "$out/$file" ] || fail 3 "$out/$file exists and is kept.
For a new serving certificate say --renew, for a new CA too --new-ca, or choose another folder with --out."
        done
        return
    fi
    for file in ca.crt ca.key; do
        [ -f "$out/$file" ] || fail 3 "$out/$file is missing: there is no CA for --$mode"
    done
    [ "$mode" != renew ] || openssl x509 -in "$out/ca.crt" -noout -checkend "$((days * 86400))" >/dev/null ||
        fail 3 "the CA expires within $days days, on $(end_of "$out/ca.crt"): replace it with --new-ca"
}

configure_openssl() { # our own file: what the machine's openssl.cnf says must not matter
    cat >"$work/openssl.cnf" <<EOF
[req]
prompt = no
distinguished_name = name
[name]
CN = $1
[ca]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[tls]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = $names
[client]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
EOF
}

make_key() { # PKCS#8, which Java reads
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1 -pkeyopt ec_param_enc:named_curve -out "$1"
}

make_ca() {
    make_key "$work/ca.key"
    configure_openssl "Lockstep CA of $(date -u +%Y-%m-%d)"
    openssl req -new -x509 -sha256 -days "$CA_DAYS" -config "$work/openssl.cnf" -extensions ca \
        -key "$work/ca.key" -out "$work/ca.crt"
    if [ "$mode" = new-ca ]; then
        openssl x509 -in "$out/ca.crt" >>"$work/ca.crt" # until every pod serves the new certificate
    fi
}

make_serving_certificate() { # folder of the CA
    local serial
    serial=0x4$(openssl rand -hex 15)
    make_key "$work/tls.key"
    configure_openssl "$service"
    openssl req -new -sha256 -config "$work/openssl.cnf" -key "$work/tls.key" -out "$work/tls.csr"
    openssl x509 -req -sha256 -days "$days" -in "$work/tls.csr" -CA "$1/ca.crt" -CAkey "$1/ca.key" \
        -set_serial "$serial" -extfile "$work/openssl.cnf" -extensions tls \
        -out "$work/tls.crt"
    openssl verify -CAfile "$1/ca.crt" -purpose sslserver "$work/tls.crt"
}

# What --admission-control-config-file of kube-apiserver takes.
make_client() {
    make_key "$work/client.key"
    configure_openssl kube-apiserver
    openssl req -new -sha256 -config "$work/openssl.cnf" -key "$work/client.key" -out "$work/client.csr"
    openssl x509 -req -sha256 -days "$CA_DAYS" -in "$work/client.csr" -CA "$out/ca.crt" -CAkey "$out/ca.key" \
        -set_serial "0x4$(openssl rand -hex 15)" -extfile "$work/openssl.cnf" -extensions client \
        -out "$work/client.crt"
    openssl verify -CAfile "$out/ca.crt" -purpose sslclient "$work/client.crt"
    cat >"$work/admission-webhooks.kubeconfig" <<EOF
apiVersion: v1
kind: Config
users:
  - name: $service.$namespace.svc
    user:
      client-certificate-data: $(openssl base64 -A -in "$work/client.crt")
      client-key-data: $(openssl base64 -A -in "$work/client.key")
EOF
    cat >"$work/admission-configuration.yaml" <<EOF
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
  - name: ValidatingAdmissionWebhook
    configuration:
      apiVersion: apiserver.config.k8s.io/v1
      kind: WebhookAdmissionConfiguration
      kubeConfigFile: /etc/kubernetes/lockstep/admission-webhooks.kubeconfig
EOF
}

clean_up() {
    local code=$?
    trap - EXIT
    if [ "$code" != 0 ]; then
        cat "$work/log" >&3
        printf 'make-certs: failed; the certificates in %s are as they were\n' "$out" >&3
    fi
    rm -rf "$work"
    [ "$code" = 0 ] || exit 1
}

# Everything is made in a folder of its own, and moved when all of it is there and verified.
issue() {
    work=$(mktemp -d "$out/.making.XXXXXX")
    exec 3>&2 # the trap may run where stderr is the log
    trap clean_up EXIT
    trap 'exit 1' HUP INT TERM
    {
        case $mode in
            renew) make_serving_certificate "$out" ;;
            client) make_client ;;
            create | new-ca)
                make_ca
                make_serving_certificate "$work"
                ;;
        esac
    } >"$work/log" 2>&1
    chmod 644 "$work"/*.crt # umask made the keys 0600
    trap '' HUP INT TERM
    case $mode in
        client) mv -f "$work"/admission-* "$out" ;;
        *) mv -f "$work"/*.key "$work"/*.crt "$out" ;;
    esac
}

report_client() {
    cat <<EOF
$out
  admission-webhooks.kubeconfig  the API server's certificate for $service.$namespace.svc, and its key
  admission-configuration.yaml   has kube-apiserver show it, by --admission-control-config-file

Next:  certs/README.md, "Only the API server"
EOF
}

report() {
    cat <<EOF
$out
  ca.crt   the CA: what the API server trusts (caBundle), until $(end_of "$out/ca.crt")
  ca.key   its private key: only this script reads it; keep it away from the cluster and from git
  tls.crt  the webhook's certificate, until $(end_of "$out/tls.crt")
           for ${names//,/ }
  tls.key  its private key

EOF
    if [ "$out" -ef "$default_out" ]; then
        echo "Next:  k8s/certify.sh --from certs/out CONTEXT..."
    else
        echo "Next:  serve tls.crt with tls.key; put the output of 'base64 <ca.crt' into the webhook's caBundle."
    fi
    [ "$mode" = create ] || echo "Pods pick up new files within about two minutes, without a restart."
}

read_options "$@"
check_options
collect_names
command -v openssl >/dev/null || fail 1 "openssl is not installed"
check_folder
umask 077
mkdir -p "$out"
issue
if [ "$mode" = client ]; then report_client; else report; fi
