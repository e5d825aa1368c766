#!/usr/bin/env bash
# Lays out a folder like a GraalVM's: a JDK 25, the builder's jars from Maven Central, and in place of what these lack a
# driver in Java and some C. Linux on amd64 only; needs gcc and the headers of zlib.
#
# make-home.sh JDK JARS TARGET
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
jdk=$(realpath -- "$1")
jars=$2
target=$3

# Those of the JDK's libraries that hold native code of what an executable may use.
readonly LIBRARIES="java net nio zip extnet management management_ext prefs jaas verify"
readonly FLAGS="-O2 -fPIC -Wall -Wextra -Wno-unused-parameter"

rm -rf "$target"
mkdir -p "$target"
for entry in bin conf include lib legal release; do
    [ ! -e "$jdk/$entry" ] || cp -a "$jdk/$entry" "$target/"
done
rm -f "$target/lib/src.zip"
svm=$target/lib/svm
helpers=$svm/clibraries/linux-amd64
static=$target/lib/static/linux-amd64/glibc
mkdir -p "$svm/builder/lib" "$svm/run" "$svm/none" "$helpers/include" "$static"
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

cp "$jars"/*.jar "$svm/builder/"
cp "$here"/c/*.h "$helpers/include/"
cp "$here/NativeImage.java" "$svm/"
cat >"$target/bin/native-image" <<'DRIVER'
#!/usr/bin/env bash
home=$(cd -- "$(dirname -- "$(realpath -- "$0")")/.." && pwd)
exec "$home/bin/java" -Dnative.home="$home" "$home/lib/svm/NativeImage.java" "$@"
DRIVER
chmod +x "$target/bin/native-image"

compile() { # FILE.c OUTPUT OPTION...
    local source=$1 output=$2
    shift 2
    # shellcheck disable=SC2086 # several words
    gcc $FLAGS -I"$here/c" -I"$jdk/include" -I"$jdk/include/linux" "$@" "$source" -o "$output"
}

compile "$here/c/reporter.c" "$svm/builder/lib/libreporterchelper.so" -shared
compile "$here/c/support.c" "$objects/support.o" -c
ar rcs "$helpers/liblibchelper.a" "$objects/support.o"
ar rcs "$helpers/libsvm_container.a"

# What the JDK's libraries import from libjvm.so and jvm.c does not define ends the process, by its name.
compile "$here/c/jvm.c" "$objects/jvm.o" -c
nm --defined-only "$objects/jvm.o" | awk '{ print $3 }' | sort -u >"$objects/defined"
for library in $LIBRARIES; do
    nm -D --undefined-only "$jdk/lib/lib$library.so"
done | sed -n 's/.* \([A-Za-z_0-9]*\)@SUNWprivate_1\.1$/\1/p' | sort -u | comm -23 - "$objects/defined" >"$objects/missing"
{
    printf '#include <stdio.h>\n#include <stdlib.h>\n'
    while read -r name; do
        printf 'void %s(void) { fputs("%s is not there in this executable\\n", stderr); abort(); }\n' "$name" "$name"
    done <"$objects/missing"
} >"$objects/missing.c"
compile "$objects/missing.c" "$objects/missing.o" -c
echo 'SUNWprivate_1.1 { global: JVM_*; jio_*; local: *; };' >"$objects/versions"
gcc -shared -Wl,-soname,libjvm.so -Wl,--version-script="$objects/versions" -o "$svm/run/libjvm.so" \
    "$objects/jvm.o" "$objects/missing.o"

# Under the names of the archives that a GraalVM has, the JDK's own shared libraries: a text in such a place is a script
# to the linker.
for library in $LIBRARIES; do
    cp "$jdk/lib/lib$library.so" "$svm/run/"
    echo "INPUT($(realpath -- "$svm/run")/lib$library.so)" >"$static/lib$library.a"
done
echo "INPUT($(realpath -- "$svm/run")/libjvm.so)" >"$helpers/libjvm.a"
