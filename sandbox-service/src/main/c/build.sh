#!/bin/sh
# Builds handd into DIRECTORY/linux-<machine>/handd, a static program; does nothing when nothing has changed since.
#
#   build.sh DIRECTORY [release|sanitize]
#
# release   musl-gcc when it is there, else gcc or cc; on a machine that is not Linux, or has no C compiler, says so and ends well
# sanitize  for handd's own tests: dynamic, with AddressSanitizer and UndefinedBehaviorSanitizer, by gcc
#
# CC names another compiler, for instance a cross compiler; HANDD_MACHINE then names its machine (x86_64, aarch64).
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=${1:?usage: build.sh DIRECTORY [release|sanitize]}
kind=${2:-release}

skip() {
    echo "handd: not built: $1"
    exit 0
}

[ "$(uname -s)" = Linux ] || skip "this is $(uname -s), not Linux"

machine=${HANDD_MACHINE:-$(uname -m)}
case $machine in
    arm64) machine=aarch64 ;;
    x86_64|aarch64) ;;
    *) skip "it knows x86_64 and aarch64, not $machine" ;;
esac

compiler=${CC:-}
if [ -z "$compiler" ]; then
    candidates='musl-gcc gcc cc'
    [ "$kind" = release ] || candidates='gcc cc'
    for candidate in $candidates; do
        if command -v "$candidate" >/dev/null 2>&1; then
            compiler=$candidate
            break
        fi
    done
fi
[ -n "$compiler" ] || skip 'there is no musl-gcc, gcc or cc'

flags='-std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -fno-strict-aliasing'
case $kind in
    release) flags="$flags -O2 -static -s -D_FORTIFY_SOURCE=2 -fstack-protector-strong" ;;
    sanitize) flags="$flags -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all" ;;
    *) echo "handd: unknown kind $kind" >&2; exit 2 ;;
esac
# musl-gcc looks for headers only in musl's own directory: the kernel's are behind them.
case $compiler in
    *musl*) flags="$flags -idirafter /usr/include -idirafter /usr/include/$machine-linux-gnu" ;;
esac

target=$out/linux-$machine/handd
made_by="$compiler $flags"
if [ -x "$target" ] && [ "$(cat "$target.made-by" 2>/dev/null)" = "$made_by" ] \
        && [ -z "$(find "$here" \( -name '*.[ch]' -o -name build.sh \) -newer "$target")" ]; then
    exit 0
fi

mkdir -p "$out/linux-$machine"
# Into a new file and then in place: a handd that runs keeps its own.
# shellcheck disable=SC2086 # the flags are words
"$compiler" $flags -o "$target.new" "$here"/*.c
mv "$target.new" "$target"
printf '%s' "$made_by" > "$target.made-by"
echo "handd: built $target with $compiler ($(wc -c < "$target") bytes)"
