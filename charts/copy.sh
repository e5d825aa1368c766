#!/usr/bin/env bash
# Copies into the chart what it shares with k8s/: every manifest of the base and of the components, word for word. Copies
# and not links, which not every tool that takes a chart from a repository follows.
set -euo pipefail
cd -- "$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)"

files=charts/lockstep/files
rm -rf "$files"
find k8s/base k8s/components -type f ! -name kustomization.yaml ! -name '*-namespace.yaml' | while IFS= read -r file; do
    mkdir -p "$files/$(dirname "${file#k8s/}")"
    cp "$file" "$files/${file#k8s/}"
done
