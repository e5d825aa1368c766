.DEFAULT_GOAL := help
.PHONY: help demo test unit it cli cli-times native release-check check build format golden oracle oracle-corpus oracle-stored fuzz bench bench-start scale load beside memory drift-cost flapping quiet gitops browser picture alerts dev certs chart mesh clean

PAIRS = 100000
SEEDS = 1 2 3
MINUTES = 30
ROUNDS = 3
PART = *
WEBHOOK = target/quarkus-app
NATIVE = target/native/lockstep
FUZZ = ReviewFuzzTest PolicyFuzzTest PolicyCostFuzzTest DifferenceFuzzTest KubeconfigFuzzTest KubeconfigCostFuzzTest \
    ListFuzzTest WatchFuzzTest WatchCostFuzzTest ReportFuzzTest ReportCostFuzzTest

# Every verb that runs Java does so with a JDK 25, wherever it is installed.
WITH_JDK = JAVA_HOME="$$(.mvn/find-jdk.sh)" && export JAVA_HOME &&

# What was compiled without the compiler's checks, as for the demo, is compiled again with them.
ANEW = rm -rf target/classes target/test-classes target/maven-status &&

# The command line, which integration tests run as well.
CLI = ./mvnw -q -f cli/pom.xml package -Dquick -DskipTests

# Integration tests by name, without the unit tests and the gate.
RUN_IT = ./mvnw -q verify -Dquick -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dskip.alone

# Of the executable also the tests that have it answer next to a JVM.
EXECUTABLE = $(filter $(NATIVE),$(WEBHOOK))
AGAINST = -Dpackaged.application=$(WEBHOOK) $(if $(EXECUTABLE),-DexcludedGroups=release$(comma)alone)
comma = ,

help:    ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
demo:    ## three real clusters on this machine, policies applied by kubectl, one refused; or with WEBHOOK=target/native/lockstep
	@$(WITH_JDK) mesh/build.sh && ./mvnw -q package -Dquick -DskipTests && mesh/bin/mesh demo --webhook $(WEBHOOK)
test: WEBHOOK = $(NATIVE)
test:    ## what a change must pass: the gate, the unit tests, the integration tests of the executable on a real mesh, the demo's story; or of a JVM, WEBHOOK=target/quarkus-app
	@rm -f target/skipped.txt; $(WITH_JDK) $(if $(EXECUTABLE),native/build.sh &&) mesh/build.sh controllers && \
	    mesh/build-tool.sh certmanager kubeconform flux helm && (cd mesh && go vet ./... && go test ./...) && \
	    ./mvnw -q -f cli/pom.xml package && ./mvnw -q -f bench/pom.xml process-classes && $(ANEW) ./mvnw verify $(AGAINST) && .mvn/skipped.sh
unit:    ## the unit tests but the slow ones, in a minute or two: no network, no gate
	@$(WITH_JDK) ./mvnw test -Dquick -DexcludedGroups=slow
it:      ## one integration test, or several: TEST=MeshIT, or TEST='DriftIT#whatIsDeleted'; on a JVM, or with WEBHOOK=target/native/lockstep
	@[ -n "$(TEST)" ] || { echo "Which one? make it TEST=Name" >&2; exit 2; }
	@rm -f target/skipped.txt; $(WITH_JDK) mesh/build.sh controllers && $(CLI) && \
	    $(RUN_IT) -Dpackaged.application=$(WEBHOOK) -DexcludedGroups=none -Dit.test="$(TEST)" && .mvn/skipped.sh
cli:     ## kubectl lockstep, which docs/cli.md explains: cli/kubectl-lockstep
	@$(WITH_JDK) $(CLI)
cli-times: ## how long kubectl lockstep and the scripts take to connect three real clusters, and to check them, in turns: a minute
	@$(WITH_JDK) mesh/build.sh && $(CLI) && .mvn/run.sh mesh.lockstep.CliRun
native:  ## the native executable, target/native/lockstep: minutes, and 6 GB of memory
	@$(WITH_JDK) native/build.sh
release-check: ## what a release needs besides: the image, the same bytes twice, the alerts
	@rm -f target/skipped.txt; $(WITH_JDK) mesh/build-tool.sh registry promtool && \
	    $(RUN_IT) -Dgroups=release -DexcludedGroups=none && .mvn/skipped.sh
check:   ## the gate: formatting and compiler checks, without tests
	@$(WITH_JDK) $(ANEW) ./mvnw verify -DskipTests
build:   ## package the application into target/quarkus-app as it goes into an image, with the cache that makes it start faster
	@$(WITH_JDK) MAVEN_OPTS="$$MAVEN_OPTS @.mvn/reproducible.config" ./mvnw -q package -Dquick -DskipTests -Dquarkus.package.jar.type=aot-jar && \
	    .mvn/run.sh mesh.lockstep.peers.AotRun write
format:  ## format the sources
	@$(WITH_JDK) ./mvnw spotless:apply
golden:  ## rewrite the expected answers and digests under src/test/resources; read the diff
	@$(WITH_JDK) ./mvnw test -Dquick -Dtest=ScenarioFilesTest,ReadingTest -Dgolden=write
oracle:  ## also judge random pairs of policies with Cilium's own engine: PAIRS=100000 of each kind for each of SEEDS="1 2 3", or those of PART="meetings"; see target/oracle
	@$(WITH_JDK) mesh/build-tool.sh oracle && \
	    .mvn/run.sh -Doracle.pairs="$(PAIRS)" -Doracle.seeds="$(SEEDS)" mesh.lockstep.oracle.OracleRun 'random-$(PART)'
oracle-corpus: ## judge every pair that is stored in the tests again with Cilium's own engine
	@$(WITH_JDK) mesh/build-tool.sh oracle && .mvn/run.sh mesh.lockstep.oracle.OracleRun 'corpus*'
oracle-stored: ## draw new random pairs for the tests and store Cilium's verdicts; read the diff
	@$(WITH_JDK) mesh/build-tool.sh oracle && .mvn/run.sh mesh.lockstep.oracle.OracleRun 'store*'
fuzz:    ## look for bad input that nobody thought of: a minute for each reader, or for those of FUZZ="KubeconfigFuzzTest"
	@$(WITH_JDK) for target in $(FUZZ); do \
	    JAZZER_FUZZ=1 ./mvnw -q test -Dquick -Djazzer.hooks=true -DargLine=-Xmx1g -Dtest=$$target || exit 1; done
bench:   ## what reading a policy costs, and a review of it, in µs and bytes: about two minutes
	@$(WITH_JDK) ./mvnw -q -f bench/pom.xml process-classes && \
	    "$$JAVA_HOME/bin/java" -cp 'bench/target/classes:bench/target/lib/*' org.openjdk.jmh.Main -prof gc
bench-start: ## what a start and the first thousand reviews cost: the executable, and a JVM with the cache of "make build" and without
	@$(WITH_JDK) .mvn/run.sh mesh.lockstep.StartRun
scale:   ## what 254 peers and 21,000 policies cost, in time and memory, and what silent peers do: about ten minutes, or PART="latency*"
	@$(WITH_JDK) .mvn/run.sh mesh.lockstep.peers.ScaleRun "$(PART)"
load:    ## requests at a fixed rate through a real API server and directly, also during restarts and rotations: about five minutes, or PART="directly"
	@$(WITH_JDK) mesh/build.sh && mesh/build-tool.sh load && ./mvnw -q package -Dquick -DskipTests && \
	    .mvn/run.sh -Dpackaged.application=$(WEBHOOK) mesh.lockstep.LoadRun "$(PART)"
beside:  ## the executable and a JVM beside an empty webhook, Gatekeeper, Kyverno and the API server's own policies, in turns, ROUNDS=3; or PART="kyverno*"
	@$(WITH_JDK) mesh/build.sh && mesh/build-tool.sh load empty gatekeeper kyverno && ./mvnw -q package -Dquick -DskipTests && \
	    .mvn/run.sh -Dbeside.rounds="$(ROUNDS)" mesh.lockstep.beside.BesideRun "$(PART)"
memory:  ## the memory that a webhook needs with 3, 254 and 510 peers of 1,000 policies each, native and on a JVM; or PART="3-peers"
	@$(WITH_JDK) ./mvnw -q package -Dquick -DskipTests && .mvn/run.sh -Xmx6g mesh.lockstep.peers.MemoryRun "$(PART)"
drift-cost: ## what drift detection adds with 254 peers and 1,000 policies each: processor time and heap, about six minutes
	@$(WITH_JDK) ./mvnw -q package -Dquick -DskipTests && .mvn/run.sh mesh.lockstep.peers.DriftCostRun
flapping: ## peers that come and go each second, for MINUTES=30: threads, sockets and memory must not grow
	@$(WITH_JDK) ./mvnw -q package -Dquick -DskipTests && \
	    .mvn/run.sh -Dpackaged.application=$(WEBHOOK) -Dflapping.minutes="$(MINUTES)" mesh.lockstep.peers.FlappingRun
quiet:   ## a normal workload of rollouts and reconciles on a real mesh, for MINUTES=30: none of it may be reported as drift
	@$(WITH_JDK) mesh/build.sh && $(RUN_IT) -DexcludedGroups=none -Dit.test=QuietIT -Dquiet.minutes="$(MINUTES)"
gitops:  ## what happens with a repository that real controllers, Flux and Argo CD, read on their own clocks: a table, in about twenty minutes; needs git
	@$(WITH_JDK) mesh/build.sh && mesh/build-tool.sh flux argocd && ./mvnw -q package -Dquick -DskipTests && \
	    .mvn/run.sh mesh.lockstep.gitops.GitOpsRun "$(PART)"
browser: ## the pages in a real browser, also a part of "make test": pictures of them in target/browser; needs chromedriver
	@$(WITH_JDK) ./mvnw -q test -Dquick -Dtest=PagesIT -DexcludedGroups=none
picture: ## take docs/mesh.png again: the page as the demo leaves it; needs chromedriver
	@$(WITH_JDK) mesh/build.sh && ./mvnw -q package -Dquick -DskipTests && .mvn/run.sh mesh.lockstep.browser.PictureRun
alerts:  ## when each alert fires, with Prometheus' own promtool, which takes minutes to build; also part of "make release-check"
	@$(WITH_JDK) mesh/build-tool.sh promtool && ./mvnw -q test -Dquick -Dtest=AlertsIT -DexcludedGroups=none
dev:     ## run with live reload against the current kubectl context, which it names and asks for first; or CONTEXT=name
	@$(WITH_JDK) .mvn/confirm-context.sh "$(CONTEXT)" && ./mvnw quarkus:dev -Dquick
certs:   ## make a CA and a serving certificate in certs/out
	@certs/make-certs.sh
chart:   ## copy into the Helm chart what it shares with k8s/; read the diff
	@charts/copy.sh
mesh:    ## three real clusters on this machine, without Lockstep, until Ctrl-C
	@mesh/build.sh && mesh/bin/mesh up
clean:   ## remove what Maven built; mesh/bin stays, it takes minutes to build
	@$(WITH_JDK) ./mvnw -q clean
