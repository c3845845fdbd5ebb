#!/bin/sh
# A post-renderer: objects come in on standard input, and what kustomize makes of them goes to standard output.
# kthena install --post-renderer examples/kustomize/post-renderer.sh
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 143' INT TERM
cp "$(dirname "$0")"/*.yaml "$folder"
cat >"$folder/rendered.yaml"
kubectl kustomize "$folder"
