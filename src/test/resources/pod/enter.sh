#!/usr/bin/env bash
# Becomes a container as far as Linux namespaces go: the folder ROOT as a read-only root, with what the machine's java
# needs and the mounts of the pod in it, then the command as the pod's user, without any privilege.
#
#   enter.sh ROOT WORKDIR UID GID MOUNT... -- COMMAND...      MOUNT is SOURCE:TARGET, or tmpfs:TARGET:SIZE
#
# Run by "unshare --mount"; who is not root, by "unshare --mount --map-root-user", stays who he is.
set -euo pipefail

root=$1 workdir=$2 uid=$3 gid=$4
shift 4

mount --make-rprivate /
mount --bind "$root" "$root"
for path in /usr /lib /lib64 /bin /etc/hosts /etc/nsswitch.conf /proc /dev "$JAVA_HOME"; do
    [ -e "$path" ] || continue
    if [ -d "$path" ]; then mkdir -p "$root$path"; else mkdir -p "$root$(dirname "$path")" && touch "$root$path"; fi
    mount --rbind "$path" "$root$path"
done
while [ "$1" != -- ]; do
    IFS=: read -r source target size <<<"$1"
    mkdir -p "$root$target"
    if [ "$source" = tmpfs ]; then
        mount -t tmpfs -o "size=$size,mode=1777" tmpfs "$root$target"
    else
        mount --bind "$source" "$root$target"
        mount -o remount,bind,ro "$root$target"
    fi
    shift
done
shift
mkdir -p "$root/.old"
mount -o remount,bind,ro "$root"
cd "$root"
pivot_root . .old
umount -l /.old
cd "$workdir"
if [ -n "${MAPPED-}" ]; then
    exec setpriv --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
fi
exec setpriv --reuid "$uid" --regid "$gid" --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
