package mesh.lockstep.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import mesh.lockstep.apiserver.OwnApis;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.Version;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.Discretion;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.History;
import mesh.lockstep.rollout.Holdings;
import mesh.lockstep.rollout.Scope;
import mesh.lockstep.support.FakeHoldings;
import mesh.lockstep.support.FakeNamespaces;
import mesh.lockstep.support.Policies;
import mesh.lockstep.vigil.Duty;
import mesh.lockstep.vigil.Vigil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DriftLifecycleTest {

    private static final PolicyKey KEY = new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", "a");

    private static final Version VERSION = Policies.withPort(1).version();

    private final AtomicInteger deaths = new AtomicInteger();
    private final Vigil vigil = new Vigil();
    private HttpServer server;

    /// An API server without kinds for reports.
    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(404, -1);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Tag("slow")
    @Test
    void judgingThatDiesOfAnythingIsResumed() throws InterruptedException {
        var drift =
                new DriftLifecycle(
                        listening(2),
                        new Scope(new FakeNamespaces(), Set.of()),
                        Histories.NONE,
                        new Patient(),
                        new SimpleMeterRegistry(),
                        OwnApis.at("http://127.0.0.1:" + server.getAddress().getPort()),
                        vigil,
                        new Discretion(true));
        drift.start(new StartupEvent());
        try {
            await().until(() -> drift.conditions().find(KEY).isPresent());

            assertThat(vigil.restarts(Duty.DRIFT)).isEqualTo(2);
            assertThat(vigil.restarts(Duty.REPORTS)).isZero();
        } finally {
            drift.stop(new ShutdownEvent());
        }
        assertThat(vigil.silence(Duty.DRIFT)).isEmpty();
        assertThat(vigil.silence(Duty.REPORTS)).isEmpty();
    }

    @Tag("slow")
    @Test
    void judgesNothingBeforeItIsKnownWhatPeersAreBehindBy() throws InterruptedException {
        var open = new AtomicBoolean();
        var asked = new AtomicInteger();
        var histories = histories(open, asked);
        var drift =
                new DriftLifecycle(
                        listening(0),
                        new Scope(new FakeNamespaces(), Set.of()),
                        histories,
                        new Patient(),
                        new SimpleMeterRegistry(),
                        OwnApis.at("http://127.0.0.1:" + server.getAddress().getPort()),
                        vigil,
                        new Discretion(true));
        drift.start(new StartupEvent());
        try {
            await().until(() -> asked.get() >= 2);

            assertThat(drift.conditions().find(KEY)).isEmpty();

            open.set(true);
            await().until(() -> drift.conditions().find(KEY).isPresent());
        } finally {
            drift.stop(new ShutdownEvent());
        }
    }

    /// @param asked how often whether it is open
    private static Histories histories(AtomicBoolean open, AtomicInteger asked) {
        return new Histories() {
            @Override
            public History recall(PolicyKey key) {
                return History.NONE;
            }

            @Override
            public boolean isOpen() {
                asked.incrementAndGet();
                return open.get();
            }

            @Override
            public void admitted(Change change) {}
        };
    }

    /// @param dying as many of the first who ask for the keys die
    private Holdings listening(int dying) {
        var holdings = new FakeHoldings("cluster2").holding("cluster1", KEY, VERSION);
        return (Holdings)
                Proxy.newProxyInstance(
                        Holdings.class.getClassLoader(),
                        new Class<?>[] {Holdings.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("listen")) {
                                return null;
                            }
                            if (method.getName().equals("keys")
                                    && deaths.incrementAndGet() <= dying) {
                                throw new StackOverflowError();
                            }
                            try {
                                return method.invoke(holdings, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private record Patient() implements DriftConfig {

        @Override
        public Duration rolloutWindow() {
            return Duration.ofMinutes(30);
        }

        @Override
        public Duration fullPassEvery() {
            return Duration.ofMinutes(5);
        }
    }
}
