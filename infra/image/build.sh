#!/bin/sh
# Builds the Docker image of a sandbox: infra/image/build.sh [TAG], handloom/sandbox:1 when not given.
#
# From the Dockerfile where its base image can be had; else from the packages of this machine's own Debian or Ubuntu archive,
# with mmdebstrap and `docker import`: no registry is asked then. Either way the same programs, user and directories.
# HANDLOOM_IMAGE_FROM=dockerfile or =packages insists on one of them.
set -eu

tag=${1:-handloom/sandbox:1}
from=${HANDLOOM_IMAGE_FROM:-either}
root=$(cd "$(dirname "$0")/../.." && pwd)
packages=ca-certificates,curl,git,jq,procps,python3,ripgrep

say() {
    echo "image: $*"
}

fail() {
    echo "image: $*" >&2
    exit 1
}

command -v docker >/dev/null 2>&1 || fail 'docker is not installed'
docker version >/dev/null 2>&1 || fail 'the Docker engine does not answer: is it running, and may you use it?'

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

from_dockerfile() {
    base=$(sed -n 's/^FROM \([^ ]*\).*/\1/p' "$root/infra/image/Dockerfile" | head -n 1)
    if ! docker image inspect "$base" >/dev/null 2>&1; then
        say "fetching $base"
        docker pull -q "$base" >/dev/null 2>"$scratch/pull" || {
            say "it cannot be had: $(tail -n 1 "$scratch/pull")"
            return 1
        }
    fi
    say "building $tag from infra/image/Dockerfile"
    docker build -q -t "$tag" -f "$root/infra/image/Dockerfile" "$root/sandbox-service/src/main/c" || {
        say 'that failed'
        return 1
    }
}

# The archive of the system we run on, as apt knows it: one line for each of its components.
archive() {
    origin=$(. /etc/os-release && case $ID in ubuntu) echo Ubuntu ;; *) echo Debian ;; esac)
    # shellcheck disable=SC2016 # apt fills these in
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' "Origin: $origin" \
        | sort -u
}

from_packages() {
    for tool in mmdebstrap apt-get apt-config; do
        command -v "$tool" >/dev/null 2>&1 \
            || fail "$tool is not installed: without a registry the image is made from Debian packages, which needs it"
    done
    handd=$root/sandbox-service/target/classes/handd
    "$root/sandbox-service/src/main/c/build.sh" "$handd"
    handd=$handd/linux-$(uname -m)/handd
    [ -x "$handd" ] || fail 'handd was not built: install musl-tools or gcc'

    suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    archive > "$scratch/sources.list"
    [ -n "$suite" ] && [ -s "$scratch/sources.list" ] || fail 'apt knows no archive of this system: run apt-get update'
    # This machine's proxies and mirrors; they do not go into the image.
    apt-config dump | grep '^Acquire::' > "$scratch/apt.conf"

    say "installing $packages from this machine's $suite archive"
    mode=auto
    [ "$(id -u)" != 0 ] || mode=root
    # The $1 in the hooks is mmdebstrap's: the new root directory.
    # shellcheck disable=SC2016
    mmdebstrap --quiet --mode=$mode --variant=essential --include="$packages" \
        --aptopt="$scratch/apt.conf" \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --customize-hook='echo agent:x:1000:1000::/home/agent:/bin/bash >> "$1/etc/passwd"' \
        --customize-hook='echo agent:x:1000: >> "$1/etc/group"' \
        --customize-hook='echo "agent:!::0:99999:7:::" >> "$1/etc/shadow" && chmod 640 "$1/etc/shadow"' \
        --customize-hook='mkdir -p "$1/.hands/s" "$1/workspace" "$1/run/hands" "$1/home/agent"' \
        --customize-hook='mkdir -p "$1/mnt/session/uploads" "$1/mnt/session/outputs" "$1/mnt/memory"' \
        --customize-hook='cd "$1" && chown 1000:1000 workspace run/hands home/agent mnt/session/uploads mnt/session/outputs mnt/memory' \
        --customize-hook="copy-in $handd /.hands" \
        --customize-hook='chmod 755 "$1/.hands/handd"' \
        --customize-hook='rm -f "$1/etc/apt/sources.list" "$1/etc/apt/apt.conf.d/99mmdebstrap" "$1/etc/resolv.conf" "$1/etc/hostname"' \
        "$suite" "$scratch/root.tar" "$scratch/sources.list"

    say "importing it as $tag"
    docker import -m "Debian packages: $packages" \
        --change 'USER 1000:1000' --change 'WORKDIR /workspace' \
        --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
        --change 'ENTRYPOINT ["/.hands/handd"]' --change 'CMD ["-d", "/.hands/s/hand"]' \
        "$scratch/root.tar" "$tag"
}

case $from in
    dockerfile) from_dockerfile || fail "$base cannot be fetched" ;;
    packages) from_packages ;;
    either) from_dockerfile || from_packages ;;
    *) fail "HANDLOOM_IMAGE_FROM is dockerfile or packages, not $from" ;;
esac
say "done: $(docker image inspect --format '{{.Id}}, {{.Size}} bytes' "$tag")"
