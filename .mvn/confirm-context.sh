#!/usr/bin/env bash
# confirm-context.sh [NAME]   says on which kubectl context Lockstep is about to act, and asks; with the NAME of the
# current one it does not ask. Fails unless it may go on.
set -euo pipefail

# As kubectl does it: the first file that has one decides.
IFS=: read -ra files <<<"${KUBECONFIG:-$HOME/.kube/config}"
context=
for file in "${files[@]}"; do
    if [ -r "$file" ]; then
        context=$(sed -n 's/^current-context: *"\{0,1\}\([^"]*\)"\{0,1\} *$/\1/p' "$file" | head -1)
        [ -z "$context" ] || break
    fi
done
if [ -z "$context" ]; then
    echo "There is no current kubectl context in ${KUBECONFIG:-$HOME/.kube/config}. \"make mesh\" brings up clusters to try things on." >&2
    exit 1
fi

echo "Lockstep will run against the current kubectl context: $context (of $file)." >&2
echo "With the rights of that context it watches its policies, and writes and deletes reports and events about drift there." >&2
if [ -n "${1:-}" ]; then
    [ "$1" = "$context" ] && exit 0
    echo "That is not the context $1. To change it: kubectl config use-context $1" >&2
    exit 1
fi
read -rp "Go on? [y/N] " answer || { echo; echo "Nobody answers: say make dev CONTEXT=$context" >&2; exit 1; }
case $answer in y | Y | yes) ;; *) exit 1 ;; esac
