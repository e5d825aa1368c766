#!/usr/bin/env bash
# Builds the webhook as a native executable: target/native/lockstep. It takes minutes, and 6 GB of memory, and is done
# only when something that goes into it has changed. The builder is the first of these that is there:
#   - GraalVM or Mandrel for JDK 25: $GRAALVM_HOME, or native-image on the PATH
#   - Mandrel's builder image, in docker or podman
#   - GraalVM's builder from Maven Central, for development and tests: README.md
set -euo pipefail
cd -- "$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)"

readonly OUTPUT=target/native HOME_MADE=target/graalvm JDK=25

fail() {
    printf 'native/build.sh: %s\n' "$*" >&2
    exit 1
}

engine() {
    local name
    for name in docker podman; do
        if command -v "$name" >/dev/null && "$name" info >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
}

check_version() { # PROGRAM
    local version
    version=$("$1" --version 2>&1 | head -n 1) || fail "$1 cannot be run: $version"
    [[ $version == "native-image $JDK"* ]] ||
        fail "$1 is \"$version\", and a native-image for JDK $JDK is wanted (https://www.graalvm.org/downloads)." \
            "Install one, or unset GRAALVM_HOME."
}

# How to build, and what tells two builders apart.
if [ -n "${GRAALVM_HOME:-}" ]; then
    check_version "$GRAALVM_HOME/bin/native-image"
    builder="the native-image in $GRAALVM_HOME"
elif program=$(command -v native-image); then
    check_version "$program"
    builder=$program
elif [ -n "$(engine)" ]; then
    builder="Mandrel's builder image in $(engine)"
    in_container=true
else
    [ "$(uname -sm)" = "Linux x86_64" ] && command -v gcc >/dev/null && [ -e /usr/include/zlib.h ] ||
        fail "there is neither a native-image (set GRAALVM_HOME) nor a running docker or podman, and the builder from" \
            "Maven Central needs Linux on x86_64, gcc and the headers of zlib (Debian: gcc, zlib1g-dev). Without any, the" \
            "tests run on a JVM: make test WEBHOOK=target/quarkus-app"
    builder="GraalVM's builder from Maven Central"
    home_made=yes
fi

inputs() {
    printf '%s\n' "$builder" "$JAVA_HOME" "$(cat "$JAVA_HOME/release")"
    find src/main pom.xml native -type f -print0 | LC_ALL=C sort -z | xargs -0 cksum
}
made_from=$(inputs | cksum)
if [ -x "$OUTPUT/lockstep" ] && [ "$(cat "$OUTPUT.made-from" 2>/dev/null)" = "$made_from" ]; then
    exit 0
fi

started=$SECONDS
echo "Building the native executable with $builder: 5 to 15 minutes on two cores, 6 GB of memory." >&2
rm -rf "$OUTPUT" "$OUTPUT.made-from" target/*-runner
if [ -n "${home_made:-}" ]; then
    jars=target/graalvm-jars
    ./mvnw -q -f native/pom.xml dependency:copy-dependencies -DoutputDirectory="$PWD/$jars" >&2
    native/make-home.sh "$JAVA_HOME" "$jars" "$HOME_MADE"
    export GRAALVM_HOME=$PWD/$HOME_MADE
fi
./mvnw -q package -Dquick -DskipTests -Pnative -Dquarkus.native.container-build="${in_container:-false}" >&2

# The image is this folder.
mkdir -p "$OUTPUT"
mv target/*-runner "$OUTPUT/lockstep"
if [ -n "${home_made:-}" ]; then
    mkdir "$OUTPUT/lib"
    cp "$HOME_MADE"/lib/svm/run/*.so "$OUTPUT/lib/"
fi
printf '%s\n' "$made_from" >"$OUTPUT.made-from"
echo "$OUTPUT/lockstep: built in $(((SECONDS - started) / 60))m$(((SECONDS - started) % 60))s" >&2
