#!/usr/bin/env bash
# Prints the home of a JDK 25: JAVA_HOME if it is one, else one that is installed in a usual place.
set -euo pipefail

wanted=25

is_wanted() {
    [ -x "$1/bin/javac" ] && grep -qE "^JAVA_VERSION=\"$wanted([.\"+-]|\$)" "$1/release" 2>/dev/null
}

for home in "${JAVA_HOME:-}" \
    /usr/lib/jvm/* /opt/java/* /opt/jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if is_wanted "$home"; then
        echo "$home"
        exit 0
    fi
done

echo "No JDK $wanted found: JAVA_HOME is \"${JAVA_HOME:-}\", and none is installed in a usual place." >&2
echo "Install one (https://adoptium.net/temurin/releases/?version=$wanted) and set JAVA_HOME to its folder." >&2
exit 1
