#!/usr/bin/env bash
# run.sh [-OPTION...] CLASS [ARGUMENT...]   runs a program of src/programs, which is compiled with the tests and uses their
# stubs and meshes, by a Java of its own with the options. What is packaged is left as it is.
set -euo pipefail

cd "$(dirname "$0")/.."
./mvnw -q test-compile dependency:build-classpath -Dquick -Dmdep.includeScope=test -Dmdep.outputFile=target/programs.classpath
export KUBECONFIG="$PWD/target/no-kubeconfig" # nothing acts on the developer's current kubectl context
exec "$JAVA_HOME/bin/java" -Djava.util.logging.manager=org.jboss.logmanager.LogManager \
    -cp "target/test-classes:target/classes:$(cat target/programs.classpath)" "$@"
