#!/usr/bin/env bash
# Introduces the members of a mesh to each other: each gets read-only credentials for the policies of the others.
set -euo pipefail

readonly NAMESPACE=lockstep ACCOUNT=lockstep-peer PEERS=lockstep-peers
folder=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
readonly folder
duration=2160h
mode=connect
rotate=
dry_run=
overrides=() # --name, --server and --ca, as "what CONTEXT=VALUE"
contexts=() names=() servers=() authorities=() uids=()
replaced=" "    # the names of --replace

usage() {
    cat <<'TEXT'
Usage: k8s/connect.sh [option]... CONTEXT CONTEXT...

Introduces the clusters of these kubectl contexts to each other. In each, creates an account that may read Cilium's
policies, CIDR groups and settings, and namespaces, and nothing more; each of the others gets its own token for it, in
the Secret lockstep-peers. Running webhooks pick it up within two minutes. Safe to repeat: valid tokens are kept, and
tokens with less than a third of their lifetime left are replaced. Name all members, or a new one and the members that
it should know.

  --duration D           how long a token is valid; the API server may grant less (default: 2160h, 90 days)
  --rotate               replace all tokens; the old ones stay valid until they expire
  --revoke               replace all tokens, and revoke the old ones at once: peers are Unknown until the new ones
                         have reached the pods, two minutes at most
  --disconnect           the first CONTEXT leaves: it and the others forget each other, and their tokens are revoked.
                         It need not answer: its tokens are useless then. Say --name CONTEXT=NAME for it
  --replace NAME         member NAME may be a different cluster than the one known under this name, or have moved
  --name CONTEXT=NAME    the cluster's name in the mesh (default: cluster-name in its ConfigMap kube-system/cilium-config)
  --server CONTEXT=URL   its API server, as the others' pods reach it (default: as in your kubeconfig)
  --ca CONTEXT=FILE      the CA of that server's certificate, PEM (default: as in your kubeconfig)
  --dry-run              say what would be done, and do nothing
  --help                 this text

Needs the right to create ClusterRoles and Secrets in each cluster. Exit code: 0 done, 1 failed (repeat it), 2 wrong usage.
TEXT
}

fail() { # exit code, message
    printf 'connect: %s\n' "$2" >&2
    exit "$1"
}

say() { printf '%s%s\n' "${dry_run:+would: }" "$1"; }

read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --duration | --name | --server | --ca | --replace)
                [ -n "${2-}" ] || fail 2 "$1 needs a value; see --help"
                ;;
        esac
        case $1 in
            --duration) duration=$2 && shift ;;
            --name | --server | --ca)
                [[ $2 == ?*=?* ]] || fail 2 "$1 '$2' is not of the form CONTEXT=VALUE; see --help"
                overrides+=("${1#--} $2") && shift
                ;;
            --replace) replaced+="$2 " && shift ;;
            --rotate) rotate=yes ;;
            --revoke) rotate=revoke ;;
            --disconnect) mode=disconnect ;;
            --dry-run) dry_run=yes ;;
            --help | -h) usage && exit 0 ;;
            -*) fail 2 "unknown option $1; see --help" ;;
            *) contexts+=("$1") ;;
        esac
        shift
    done
    [[ $duration =~ ^[1-9][0-9]*[hm]$ ]] || fail 2 "--duration '$duration' is not a number of hours or minutes, such as 2160h"
    [ ${#contexts[@]} -ge 2 ] || fail 2 "name at least two contexts; see --help"
}

override() { # what, context: prints the value, if there is one
    local one
    for one in ${overrides[@]+"${overrides[@]}"}; do # bash 3.2 calls an empty array unbound
        case $one in "$1 $2="*) printf '%s' "${one#"$1 $2="}" && return ;; esac
    done
}

quoted() { printf '%q' "$1"; } # so that it can be copied

# Tokens stay out of what bash -x shows.
untraced() { # function, arguments
    local traced=
    [[ $- != *x* ]] || traced=yes
    { set +x; } 2>/dev/null
    "$@"
    [ -z "$traced" ] || set -x
}

in_cluster() { # index, arguments of kubectl
    local context=${contexts[$1]}
    shift
    kubectl --context "$context" --request-timeout=15s "$@"
}

from_kubeconfig() { # index, field of the cluster
    in_cluster "$1" config view --minify --raw --flatten -o "jsonpath={.clusters[0].cluster.$2}"
}

# Everything that can be wrong is found before anything is changed.
read_clusters() {
    local i j context
    for i in "${!contexts[@]}"; do
        context=${contexts[$i]}
        read_name "$i"
        [[ ${#names[i]} -le 32 && ${names[i]} =~ ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$ ]] ||
            fail 2 "'${names[i]}' is not the name of a cluster in a mesh"
        for ((j = 0; j < i; j++)); do
            [ "${names[j]}" != "${names[i]}" ] ||
                fail 1 "$context and ${contexts[j]} are both named '${names[i]}': each member of a mesh needs its own name. Is it the same cluster twice? If not, see --name"
        done
        [ "$mode" = disconnect ] || read_address "$i"
    done
}

read_name() { # index
    local context=${contexts[$1]} hint
    hint="say --name $(quoted "$context")=NAME"
    names[$1]=$(override name "$context")
    [ -z "${names[$1]}" ] || return 0
    names[$1]=$(in_cluster "$1" --namespace kube-system get configmap cilium-config \
        --ignore-not-found -o 'jsonpath={.data.cluster-name}') ||
        fail 1 "cannot read cluster $context, see above$([ "$mode $1" != "disconnect 0" ] || printf '%s' ". If it is to leave anyway, $hint")"
    [ -n "${names[$1]}" ] || fail 1 "$context has no ConfigMap kube-system/cilium-config with a cluster-name: $hint"
}

read_address() { # index
    local context=${contexts[$1]} file
    servers[$1]=$(override server "$context")
    [ -n "${servers[$1]}" ] || servers[$1]=$(from_kubeconfig "$1" server)
    [[ ${servers[$1]} =~ ^https://[^[:space:]\"]+$ ]] ||
        fail 1 "$context's API server is '${servers[$1]}', which is not an https URL: say --server $(quoted "$context")=URL"
    [[ ! ${servers[$1]} =~ ^https://(127\.|localhost|0\.0\.0\.0|\[::1\]) ]] ||
        printf 'note: %s is %s, which only this machine can reach. Pods elsewhere need --server %s=URL\n' \
            "$context" "${servers[$1]}" "$(quoted "$context")" >&2
    file=$(override ca "$context")
    if [ -n "$file" ]; then
        [ -r "$file" ] || fail 2 "--ca $file cannot be read"
        authorities[$1]=$(base64 <"$file" | tr -d '\n')
    else
        authorities[$1]=$(from_kubeconfig "$1" certificate-authority-data)
    fi
    [ -n "${authorities[$1]}" ] || fail 1 "your kubeconfig has no CA for $context: say --ca $(quoted "$context")=FILE"
    uids[$1]=$(in_cluster "$1" get namespace kube-system -o 'jsonpath={.metadata.uid}') || fail 1 "cannot read cluster $context, see above"
    [[ ${uids[$1]} =~ ^[-0-9A-Za-z]+$ ]] || fail 1 "$context has no namespace kube-system with a valid uid"
}

marker() { printf '%s-%s' "$ACCOUNT" "$1"; } # the Secret that a token is bound to: without it, the token is revoked

marker_id() { # index, whose
    in_cluster "$1" --namespace "$NAMESPACE" get secret "$(marker "$2")" --ignore-not-found -o 'jsonpath={.metadata.uid}'
}

account_id() { # index
    in_cluster "$1" --namespace "$NAMESPACE" get serviceaccount "$ACCOUNT" --ignore-not-found -o 'jsonpath={.metadata.uid}'
}

known() { # index, peer's name: the kubeconfig that the cluster has for the peer
    in_cluster "$1" --namespace "$NAMESPACE" get secret "$PEERS" --ignore-not-found \
        -o "go-template={{if .data}}{{with index .data \"$2\"}}{{. | base64decode}}{{end}}{{end}}"
}

line_known() { # index, peer's name, a key of the kubeconfig that the cluster has for the peer: its value
    known "$1" "$2" | sed -n "s/^ *$3: //p"
}

# A name stays with its cluster: another one under it would be compared in place of the one that is meant.
check_names() {
    local here peer server uid what
    for here in "${!contexts[@]}"; do
        for peer in "${!contexts[@]}"; do
            [ "$here" != "$peer" ] && [[ $replaced != *" ${names[$peer]} "* ]] || continue
            server=$(line_known "$here" "${names[$peer]}" server)
            uid=$(line_known "$here" "${names[$peer]}" '# kube-system')
            what=
            [ -z "$server" ] || [ "$server" = "${servers[$peer]}" ] || what="at $server, not at ${servers[$peer]}"
            [ -z "$uid" ] || [ "$uid" = "${uids[$peer]}" ] || what="${what:+$what, and }as a different cluster than $(quoted "${contexts[$peer]}") is now: its kube-system has a different uid"
            [ -z "$what" ] || fail 1 "${names[$here]} knows ${names[$peer]} already, $what. If you want to replace it, say --replace ${names[$peer]}"
        done
    done
}

claims() { # token: its second part, JSON
    local part
    part=$(cut -d. -f2 <<<"$1" | tr '_-' '/+')
    while ((${#part} % 4)); do part+='='; done
    base64 -d <<<"$part" 2>/dev/null || true
}

seconds_of() { sed -n "s/.*\"$2\":\([0-9]*\).*/\1/p" <<<"$1"; } # claims, field

day_of() { date -u -d "@$1" +%Y-%m-%d 2>/dev/null || date -u -r "$1" +%Y-%m-%d; }

# Sets $until if the kubeconfig is still good: same server, same CA, a token that is neither revoked nor near its end.
is_good() { # kubeconfig, index of the peer, name of the cluster here
    local claims end start
    until=
    grep -qxF "    server: ${servers[$2]}" <<<"$1" || return 1
    grep -qxF "    certificate-authority-data: ${authorities[$2]}" <<<"$1" || return 1
    claims=$(claims "$(sed -n 's/^    token: //p' <<<"$1")")
    [[ $claims == *"\"$(marker_id "$2" "$3")\""* && $claims == *"\"$(account_id "$2")\""* ]] || return 1
    end=$(seconds_of "$claims" exp) start=$(seconds_of "$claims" iat)
    [[ -n $end && -n $start && $(date +%s) -lt $((end - (end - start) / 3)) ]] || return 1
    until=$end
}

open_account() { # index
    say "${names[$1]}: account $NAMESPACE/$ACCOUNT, which may read policies, Cilium's settings and namespaces"
    [ -n "$dry_run" ] || in_cluster "$1" apply -k "$folder/peer" >/dev/null ||
        fail 1 "cannot create the account in ${contexts[$1]}, see above"
}

# A token goes through pipes only: neither into a file nor into a command line.
introduce() { # index of the cluster here, index of the peer
    local here=${names[$1]} peer=${names[$2]} token what=new
    if [ -z "$rotate" ] && is_good "$(known "$1" "$peer")" "$2" "$here"; then
        say "$here knows $peer: credential kept, valid until $(day_of "$until")"
        return
    fi
    if [ -n "$dry_run" ]; then
        say "$here knows $peer: new credential for ${servers[$2]}"
        return
    fi
    if [ "$rotate" = revoke ]; then
        in_cluster "$2" --namespace "$NAMESPACE" delete secret "$(marker "$here")" --ignore-not-found >/dev/null
        what="old credential revoked, new"
    fi
    in_cluster "$2" apply --server-side --field-manager=lockstep-connect -f - >/dev/null <<YAML
apiVersion: v1
kind: Secret
metadata:
  name: $(marker "$here")
  namespace: $NAMESPACE
  labels:
    app.kubernetes.io/name: $ACCOUNT
  annotations:
    kubernetes.io/description: The token of $here is valid as long as this Secret exists.
YAML
    token=$(in_cluster "$2" --namespace "$NAMESPACE" create token "$ACCOUNT" --duration "$duration" \
        --bound-object-kind Secret --bound-object-name "$(marker "$here")") ||
        fail 1 "cannot get a token from $peer for $here, see above"
    deliver "$1" "$2" "$token" || fail 1 "cannot store the credential for $peer in $here, see above"
    say "$here knows $peer: $what credential for ${servers[$2]}, valid until $(day_of "$(seconds_of "$(claims "$token")" exp)")"
}

# One field manager for each peer: an apply touches this peer's key and no other.
deliver() { # index of the cluster here, index of the peer, token
    local content
    content=$(kubeconfig "$2" "$3" | base64 | tr -d '\n')
    in_cluster "$1" apply --server-side --force-conflicts --field-manager="lockstep-connect-${names[$2]}" -f - >/dev/null <<YAML
apiVersion: v1
kind: Secret
metadata:
  name: $PEERS
  namespace: $NAMESPACE
  labels:
    app.kubernetes.io/name: lockstep
data:
  ${names[$2]}: $content
YAML
}

kubeconfig() { # index of the peer, token
    cat <<YAML
# kube-system: ${uids[$1]}
apiVersion: v1
kind: Config
current-context: ${names[$1]}
clusters:
- name: ${names[$1]}
  cluster:
    server: ${servers[$1]}
    certificate-authority-data: ${authorities[$1]}
users:
- name: $ACCOUNT
  user:
    token: $2
contexts:
- name: ${names[$1]}
  context:
    cluster: ${names[$1]}
    user: $ACCOUNT
YAML
}

# Both ways, beginning with what keeps the leaving one out.
forget() { # index of the cluster that stays
    local here=${names[$1]} gone=${names[0]}
    say "$here forgets $gone, and revokes its token"
    if [ -z "$dry_run" ]; then
        drop "$1" "$gone" || return 1
        in_cluster "$1" --namespace "$NAMESPACE" delete secret "$(marker "$gone")" --ignore-not-found >/dev/null || return 1
    fi
    [ -z "$away" ] || return 0
    say "$gone forgets $here, and revokes its token"
    [ -z "$dry_run" ] || return 0
    { drop 0 "$here" && in_cluster 0 --namespace "$NAMESPACE" delete secret "$(marker "$here")" \
        --ignore-not-found >/dev/null; } || away=yes
}

drop() { # index, name of a peer that the cluster is to forget
    local there
    there=$(in_cluster "$1" --namespace "$NAMESPACE" get secret "$PEERS" --ignore-not-found \
        -o "go-template={{if .data}}{{with index .data \"$2\"}}yes{{end}}{{end}}") || return 1
    [ -z "$there" ] || in_cluster "$1" --namespace "$NAMESPACE" patch secret "$PEERS" \
        --type merge -p "{\"data\":{\"$2\":null}}" >/dev/null
}

# Removes what nobody uses any more: the account without a token for anybody, the Secret without a peer.
sweep() { # index
    local left
    left=$(in_cluster "$1" --namespace "$NAMESPACE" get secrets --selector "app.kubernetes.io/name=$ACCOUNT" -o name) || return 1
    if [ -z "$left" ]; then
        say "${names[$1]}: nobody has a token any more, removing the account"
        in_cluster "$1" --namespace "$NAMESPACE" delete serviceaccount "$ACCOUNT" --ignore-not-found >/dev/null || return 1
        in_cluster "$1" --namespace kube-system delete rolebinding,role "$ACCOUNT" --ignore-not-found >/dev/null || return 1
        in_cluster "$1" delete clusterrolebinding,clusterrole "$ACCOUNT" --ignore-not-found >/dev/null || return 1
    fi
    left=$(in_cluster "$1" --namespace "$NAMESPACE" get secret "$PEERS" --ignore-not-found -o 'jsonpath={.data}') || return 1
    [ -n "$left" ] || in_cluster "$1" --namespace "$NAMESPACE" delete secret "$PEERS" --ignore-not-found >/dev/null
}

connect() {
    local here peer
    check_names
    for peer in "${!contexts[@]}"; do open_account "$peer"; done
    for here in "${!contexts[@]}"; do
        for peer in "${!contexts[@]}"; do
            [ "$here" = "$peer" ] || untraced introduce "$here" "$peer"
        done
    done
    [ -n "$dry_run" ] || printf '\nPods pick it up within two minutes. Then:  k8s/verify.sh%s\n' "$(printf ' %q' "${contexts[@]}")"
}

disconnect() {
    local other failed=
    check_leaving
    away=
    in_cluster 0 get --raw /readyz >/dev/null || away=yes
    for other in "${!contexts[@]}"; do
        [ "$other" != 0 ] || continue
        forget "$other" || failed+=" $(quoted "${contexts[$other]}")"
    done
    [ -n "$dry_run" ] || for other in "${!contexts[@]}"; do
        if [ "$other" != 0 ]; then
            sweep "$other" || failed+=" $(quoted "${contexts[$other]}")"
        elif [ -z "$away" ]; then
            sweep 0 || away=yes
        fi
    done
    [ -z "$away" ] || printf 'note: %s does not answer, see above. The tokens that it has stay there, revoked by the others. When it answers again: k8s/connect.sh --disconnect --name %s=%s%s\n' \
        "${contexts[0]}" "$(quoted "${contexts[0]}")" "${names[0]}" "$(printf ' %q' "${contexts[@]}")" >&2
    [ -z "$failed" ] || fail 1 "not done in$failed, see above: repeat it"
}

# A cluster with the name of another one would take that one with it.
check_leaving() {
    local other server own
    [ -z "$(override name "${contexts[0]}")" ] || return 0
    own=$(from_kubeconfig 0 server)
    for other in "${!contexts[@]}"; do
        [ "$other" != 0 ] || continue
        server=$(line_known "$other" "${names[0]}" server)
        [ -z "$server" ] || [ "$server" = "$own" ] || [ "$server" = "$(override server "${contexts[0]}")" ] ||
            fail 1 "${contexts[0]} calls itself ${names[0]}, which ${names[$other]} knows at $server, not at $own. If that is the one that leaves, say --name $(quoted "${contexts[0]}")=${names[0]}"
    done
}

read_options "$@"
command -v kubectl >/dev/null || fail 1 "kubectl is not installed"
read_clusters
"$mode"
