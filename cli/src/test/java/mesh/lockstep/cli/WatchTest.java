package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `check --watch`: what goes on is played in the pauses between two looks, so that no time passes.
class WatchTest {

    private static final String FIRST =
            """
            STATE     KIND   NAMESPACE   NAME   cluster1   cluster2
            Differs   cnp    default     api    A          B
            Differs   cnp    default     web    A          B

            3 policies, 2 clusters: 1 agree, 2 differ
            """;

    @TempDir private Path folder;
    private StubMesh mesh;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() {
        mesh = new StubMesh(folder, 2);
        holds(1, 80, 80, 80);
        holds(2, 80, 81, 81);
    }

    @AfterEach
    void end() {
        mesh.close();
    }

    @Test
    void onlyWhatChangesIsPrinted() {
        var code = watch(() -> {}, () -> holds(2, 80, 81, 80), () -> {});

        assertThat(out())
                .isEqualTo(
                        FIRST
                                + """

                                STATE    KIND   NAMESPACE   NAME   cluster1   cluster2
                                Agrees   cnp    default     web    A          A

                                3 policies, 2 clusters: 2 agree, 1 differ
                                """);
        assertThat(code).isEqualTo(1);
    }

    @Test
    void theExitCodeIsThatOfTheLastLook() {
        assertThat(watch(() -> holds(2, 80, 80, 80))).isZero();
        assertThat(watch(() -> holds(2, 81, 81, 81))).isEqualTo(1);
        assertThat(watch(() -> mesh.cluster(2).forbidden.add("apis/cilium.io"))).isEqualTo(2);
    }

    @Test
    void aPolicyThatNobodyHasAnyMoreIsGone() {
        watch(
                () -> {
                    holds(1, 80, 80);
                    holds(2, 80, 81);
                });

        assertThat(out())
                .contains("\nGone    cnp    default     web    -          -\n")
                .endsWith("2 policies, 2 clusters: 1 agree, 1 differ\n");
    }

    /// And it goes on, and says so once.
    @Test
    void aClusterThatFailsIsNamedOnce() {
        var forbidden = mesh.cluster(2).forbidden;
        var code =
                watch(() -> forbidden.add("ciliumnetwork"), () -> {}, forbidden::clear, () -> {});

        assertThat(code).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .filteredOn(
                        it -> it.contains("cluster2: not allowed to list ciliumnetworkpolicies"))
                .hasSize(1);
        assertThat(out()).startsWith(FIRST).endsWith("3 policies, 2 clusters: 1 agree, 2 differ\n");
    }

    @Test
    void aScreenIsDrawnAnewWhenSomethingChanges() {
        System.setProperty("lockstep.out.terminal", "true");
        try {
            watch(() -> {}, () -> holds(2, 80, 81, 80));
        } finally {
            System.clearProperty("lockstep.out.terminal");
        }

        assertThat(List.of(out().split("\u001b\\[H\u001b\\[2J", -1)))
                .hasSize(3)
                .last()
                .asString()
                .contains("Differs   cnp    default     api    A          B")
                .doesNotContain("web");
    }

    @Test
    void programsGetAllOfItAnew() {
        watch(List.of("-o", "yaml"), () -> {}, () -> holds(2, 80, 81, 80));

        assertThat(out().split("(?m)^---$", -1)).hasSize(2);
    }

    @Test
    void clustersAreAskedNoMoreOftenThanIsSaid() {
        assertThat(watch(List.of("--every", "1"))).isEqualTo(2);
        assertThat(watch(List.of("-o", "junit"))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("--every is 5 at least")
                .contains("--watch prints a table, json or yaml");
        assertThat(mesh.cluster(1).asked).isEmpty();

        var pauses = new ArrayList<Duration>();
        watch(List.of("--every", "7000"), List.<Runnable>of(() -> {}).iterator(), pauses);
        assertThat(pauses).containsOnly(Duration.ofSeconds(7000)).hasSize(2);
    }

    /// As after `| head`.
    @Test
    void itEndsWhenNobodyReads() throws Unusable {
        var closed =
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        throw new IOException("broken pipe");
                    }
                };
        var terminal =
                new Terminal(
                        new PrintStream(closed, true, StandardCharsets.UTF_8),
                        stream(err),
                        false,
                        false);
        var look = new Snapshot(Survey.of(List.of(), List.of()), List.of(), false);

        var code =
                new Watching(
                                terminal,
                                Format.TABLE,
                                false,
                                _ -> look,
                                _ -> {
                                    throw new AssertionError("it waits");
                                })
                        .run(Duration.ZERO);

        assertThat(code).isZero();
    }

    /// A look that takes long is followed by a pause that is as many times longer.
    @Test
    void apiServersThatAreSlowAreLeftAloneForLonger() {
        var pauses = new ArrayList<Duration>();
        var looks = new ArrayList<Long>();
        Watching.Looking looking =
                notes -> {
                    var start = System.nanoTime();
                    while (System.nanoTime() - start < 20_000_000) {
                        Thread.onSpinWait();
                    }
                    looks.add(System.nanoTime() - start);
                    throw new Unusable("nothing");
                };
        var terminal = new Terminal(stream(out), stream(err), false, false);
        var look = new Snapshot(Survey.of(List.of(), List.of()), List.of(), false);
        Watching.Looking first =
                notes -> looks.isEmpty() && looks.add(0L) ? look : looking.once(notes);
        try {
            new Watching(
                            terminal,
                            Format.TABLE,
                            false,
                            first,
                            time -> {
                                pauses.add(time);
                                if (pauses.size() == 2) {
                                    throw new InterruptedException();
                                }
                            })
                    .run(Duration.ZERO);
        } catch (Unusable e) {
            throw new AssertionError(e);
        }

        assertThat(pauses.getLast()).isGreaterThanOrEqualTo(Duration.ofNanos(4 * looks.getLast()));
    }

    private int watch(Runnable... meanwhile) {
        return watch(List.of(), meanwhile);
    }

    private int watch(List<String> options, Runnable... meanwhile) {
        return watch(options, List.of(meanwhile).iterator(), new ArrayList<>());
    }

    private int watch(List<String> options, Iterator<Runnable> meanwhile, List<Duration> pauses) {
        var terminal = new Terminal(stream(out), stream(err), false, false);
        Watching.Pause pause =
                time -> {
                    pauses.add(time);
                    if (!meanwhile.hasNext()) {
                        throw new InterruptedException();
                    }
                    meanwhile.next().run();
                };
        var all = new ArrayList<>(List.of("--watch", "--kubeconfig=" + mesh.kubeconfig));
        all.addAll(options);
        return new CommandLine(new CheckCommand(terminal, pause))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(
                        (e, _, _) -> {
                            terminal.note(String.valueOf(e.getMessage()));
                            return ExitCode.ERROR;
                        })
                .execute(all.toArray(String[]::new));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /// @param ports of the policies `agrees`, `api` and `web`, as far as there are any
    private void holds(int cluster, int... ports) {
        var names = List.of("agrees", "api", "web");
        var policies = new ArrayList<ObjectNode>();
        for (int i = 0; i < ports.length; i++) {
            policies.add(StubCluster.policy(names.get(i), String.valueOf(ports[i])));
        }
        mesh.cluster(cluster).holds(policies.toArray(ObjectNode[]::new));
    }
}
