.DEFAULT_GOAL := help
.PHONY: help demo test unit check build format golden dev certs mesh clean

# Every verb that runs Java does so with a JDK 25, wherever it is installed.
WITH_JDK = JAVA_HOME="$$(.mvn/find-jdk.sh)" && export JAVA_HOME &&

help:    ## show this
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
demo:    ## three real clusters on this machine, policies applied by kubectl, one refused
	@$(WITH_JDK) mesh/build.sh && ./mvnw -q package -Dquick -DskipTests && mesh/bin/mesh demo --webhook target/quarkus-app
test:    ## everything: the gate, the unit tests, the integration tests on a real mesh, the demo's story
	@$(WITH_JDK) mesh/build.sh && (cd mesh && go vet ./... && go test ./...) && ./mvnw verify
unit:    ## the gate's compiler checks and the unit tests: no network, under a minute
	@$(WITH_JDK) ./mvnw test
check:   ## the gate: formatting and compiler checks, without tests
	@$(WITH_JDK) ./mvnw verify -DskipTests
build:   ## package the application into target/quarkus-app, without the gate or tests
	@$(WITH_JDK) ./mvnw package -Dquick -DskipTests
format:  ## format the sources
	@$(WITH_JDK) ./mvnw spotless:apply
golden:  ## rewrite the expected answers under src/test/resources/scenario; read the diff
	@$(WITH_JDK) ./mvnw test -Dquick -Dtest=ScenarioFilesTest -Dgolden=write
dev:     ## run with live reload against the current kubectl context
	@$(WITH_JDK) ./mvnw quarkus:dev -Dquick
certs:   ## make a CA and a serving certificate in certs/out
	@certs/make-certs.sh
mesh:    ## three real clusters on this machine, without Lockstep, until Ctrl-C
	@mesh/build.sh && mesh/bin/mesh up
clean:   ## remove what Maven built; mesh/bin stays, it takes minutes to build
	@$(WITH_JDK) ./mvnw -q clean
