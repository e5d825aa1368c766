#!/usr/bin/env bash
# Writes a kubeconfig with which components/renewal renews tokens, for the kubectl contexts that are named: by the account
# of this folder, which has to be applied in each of these clusters. Server and CA are as in your kubeconfig.
set -euo pipefail

[ $# -gt 1 ] || { echo "Usage: k8s/renewer/kubeconfig.sh CONTEXT CONTEXT..." >&2 && exit 2; }

entry() { # context, field of its cluster
    kubectl config view --raw --minify --flatten --context "$1" -o "jsonpath={.clusters[0].cluster.$2}"
}

clusters='' users='' contexts=''
for context in "$@"; do
    token=$(kubectl --context "$context" -n lockstep get secret lockstep-renewer -o 'go-template={{.data.token | base64decode}}')
    [[ $token == ey* ]] || { echo "$context: the Secret lockstep-renewer has no token yet; try again" >&2 && exit 1; }
    clusters+="- {name: \"$context\", cluster: {server: \"$(entry "$context" server)\", certificate-authority-data: $(entry "$context" certificate-authority-data)}}"$'\n'
    users+="- {name: \"$context\", user: {token: $token}}"$'\n'
    contexts+="- {name: \"$context\", context: {cluster: \"$context\", user: \"$context\"}}"$'\n'
done
printf 'apiVersion: v1\nkind: Config\nclusters:\n%susers:\n%scontexts:\n%s' "$clusters" "$users" "$contexts"
