package mesh.lockstep.peers;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientBuilder;
import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import mesh.lockstep.apiserver.StubApiServer;
import mesh.lockstep.kubeconfig.Kubeconfigs;
import mesh.lockstep.peers.PeerDirectory.PeerFile;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.PolicyKey.Kind;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.LiveAnswer.NotFound;
import mesh.lockstep.rollout.LiveAnswer.Silent;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.PeerView.Lacks;
import mesh.lockstep.rollout.PeerView.Unknown;
import mesh.lockstep.support.TestCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RosterTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final TestCertificate AUTHORITY = TestCertificate.authority();
    private static final ClusterName HERE = new ClusterName("here");
    private static final ClusterName EAST = new ClusterName("east");
    private static final ClusterName WEST = new ClusterName("west");
    private static final PolicyKey KEY =
            new PolicyKey(Kind.CILIUM_NETWORK_POLICY, "default", "allow-api");

    private final StubApiServer server = new StubApiServer(AUTHORITY.issueFor("127.0.0.1")).start();
    private final KubernetesPeers peers = new KubernetesPeers(Settings.quick());
    private final Roster roster =
            new Roster(
                    HERE,
                    peers,
                    new PeerOpening(
                            new VertxHttpClientFactory(VERTX),
                            new PolicyReader(),
                            Settings.quick(),
                            Settings.surroundings()));

    @AfterEach
    void close() {
        roster.close();
        server.close();
    }

    @AfterAll
    static void closeVertx() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void peersComeAndGoWithTheirFiles() {
        roster.follow(Map.of(EAST, good()));
        awaitInSync(EAST);

        roster.follow(Map.of(WEST, good(), EAST, good()));
        awaitInSync(WEST);
        assertThat(peers.recall(KEY)).containsExactly(new Lacks(EAST), new Lacks(WEST));

        roster.follow(Map.of(WEST, good()));
        assertThat(peers.recall(KEY)).containsExactly(new Lacks(WEST));

        roster.follow(Map.of());
        assertThat(peers.recall(KEY)).isEmpty();
    }

    @Test
    void ourOwnClusterIsNotAPeer() {
        roster.follow(Map.of(HERE, good()));

        assertThat(peers.recall(KEY)).isEmpty();
    }

    @Test
    void aPeerWithABadFileIsUnknownAndTheOthersWork() {
        roster.follow(Map.of(EAST, file("{}"), WEST, good()));
        awaitInSync(WEST);

        assertThat(peers.recall(KEY))
                .containsExactly(
                        new Unknown(EAST, "kubeconfig refused: clusters is missing"),
                        new Lacks(WEST));
        try (var answers =
                peers.ask(List.of(EAST, WEST), KEY, Deadline.in(Duration.ofSeconds(5)))) {
            assertThat(answers)
                    .containsExactlyInAnyOrder(
                            new Silent(EAST, "kubeconfig refused: clusters is missing"),
                            new NotFound(WEST));
        }
    }

    @Test
    void aPeerWhoseFileCannotBeReadIsUnknown() {
        roster.follow(Map.of(EAST, new PeerFile.Unreadable()));

        assertThat(peers.recall(KEY))
                .containsExactly(new Unknown(EAST, "kubeconfig cannot be read"));

        roster.follow(Map.of(EAST, new PeerFile.Late(), WEST, good()));

        awaitInSync(WEST);
        assertThat(peers.recall(KEY))
                .containsExactly(
                        new Unknown(EAST, "kubeconfig cannot be read in time"), new Lacks(WEST));
    }

    /// A bug of ours, which only one file triggers.
    @Test
    void aFileThatItsReaderIsNotUpToCostsThatPeerAlone() {
        var faulty =
                new VertxHttpClientFactory(VERTX) {
                    @Override
                    public VertxHttpClientBuilder<VertxHttpClientFactory> newBuilder() {
                        throw new StackOverflowError();
                    }
                };
        var opening =
                new PeerOpening(
                        faulty, new PolicyReader(), Settings.quick(), Settings.surroundings());

        new Roster(HERE, peers, opening).follow(Map.of(EAST, good()));

        assertThat(peers.recall(KEY))
                .containsExactly(new Unknown(EAST, "kubeconfig cannot be read"));
    }

    @Test
    void aPeerIsBackWhenItsFileIsMended() {
        roster.follow(Map.of(EAST, file("{}")));
        roster.follow(Map.of(EAST, good()));

        awaitInSync(EAST);
    }

    @Tag("slow")
    @Test
    void aPeerIsStillReadWithItsOldCredentialsWhileTheNewOnesDoNotWork() {
        roster.follow(Map.of(EAST, good()));
        awaitInSync(EAST);

        for (var bad :
                Map.of(
                                file(""),
                                "kubeconfig refused: empty",
                                new PeerFile.Unreadable(),
                                "kubeconfig cannot be read",
                                token("of-nobody"),
                                "credentials refused (401)")
                        .entrySet()) {
            roster.follow(Map.of(EAST, bad.getKey()));

            awaitFollowing(bad.getKey(), () -> notRenewed().equals(Optional.of(bad.getValue())));
            assertThat(facts().notRenewed()).hasValue(bad.getValue());
            // Longer than memory is believed.
            await().during(3, SECONDS)
                    .until(
                            () -> {
                                roster.follow(Map.of(EAST, bad.getKey()));
                                return peers.recall(KEY).equals(List.of(new Lacks(EAST)));
                            });
            assertThat(ask()).isEqualTo(new NotFound(EAST));
        }

        var mended = file(kubeconfig() + "# mended\n");
        roster.follow(Map.of(EAST, mended));
        awaitFollowing(mended, () -> status().next().isEmpty());
        assertThat(peers.recall(KEY)).containsExactly(new Lacks(EAST));
        assertThat(facts().notRenewed()).isEmpty();
    }

    @Test
    void newCredentialsThatDoNotWorkTakeOverWhenTheOldOnesAreSilent() {
        roster.follow(Map.of(EAST, good()));
        awaitInSync(EAST);
        var bad = token("of-nobody");
        roster.follow(Map.of(EAST, bad));
        awaitFollowing(bad, () -> notRenewed().isPresent());

        server.token("another");
        server.breakWatches();

        awaitFollowing(bad, () -> status().next().isEmpty());
        assertThat(peers.recall(KEY))
                .containsExactly(new Unknown(EAST, "credentials refused (401)"));

        var mended = token("another");
        awaitFollowing(mended, () -> peers.recall(KEY).equals(List.of(new Lacks(EAST))));
    }

    @Test
    void goodCredentialsTakeOverFromRevokedOnesAsSoonAsTheyHaveReadAll() {
        roster.follow(Map.of(EAST, good()));
        awaitInSync(EAST);

        server.token("rotated");
        server.breakWatches();
        await().until(() -> peers.recall(KEY).getFirst() instanceof Unknown);

        var rotated = token("rotated");
        awaitFollowing(rotated, () -> peers.recall(KEY).equals(List.of(new Lacks(EAST))));
        assertThat(status().next()).isEmpty();
    }

    @Test
    void aPeerThatLeavesWhileItsCredentialsRotateIsGoneAtOnce() {
        roster.follow(Map.of(EAST, good()));
        awaitInSync(EAST);
        roster.follow(Map.of(EAST, token("of-nobody")));

        roster.follow(Map.of());

        assertThat(peers.recall(KEY)).isEmpty();
        // A request may have been on its way.
        var before = new AtomicLong();
        await().during(2, SECONDS)
                .until(() -> before.getAndSet(server.requests()) == server.requests());
    }

    @Tag("slow")
    @Test
    void aPeerWhoseCredentialsRotateIsNeverUnknown() {
        roster.follow(Map.of(EAST, good()));
        awaitInSync(EAST);
        long lists = server.count("list");
        var rotated = Map.of(EAST, file(kubeconfig() + "# rotated\n"));

        await().atMost(5, SECONDS)
                .until(
                        () -> {
                            roster.follow(rotated);
                            assertThat(peers.recall(KEY)).containsExactly(new Lacks(EAST));
                            return server.count("list") == lists + Kind.values().length;
                        });
        await().during(3, SECONDS)
                .until(
                        () -> {
                            roster.follow(rotated);
                            return peers.recall(KEY).equals(List.of(new Lacks(EAST)));
                        });
    }

    @Test
    void nothingHappensWhileNothingChanges() {
        roster.follow(Map.of(EAST, good()));
        awaitInSync(EAST);

        roster.follow(Map.of(EAST, good()));

        assertThat(server.count("list")).isEqualTo(Kind.values().length);
    }

    @Test
    void aPeerThatHasLeftIsNotAsked() {
        try (var answers = peers.ask(List.of(EAST), KEY, Deadline.in(Duration.ofSeconds(5)))) {
            assertThat(answers).containsExactly(new Silent(EAST, "no longer a peer"));
        }
    }

    private LiveAnswer ask() {
        try (var answers = peers.ask(List.of(EAST), KEY, Deadline.in(Duration.ofSeconds(5)))) {
            return answers.iterator().next();
        }
    }

    private PeerStatus status() {
        return peers.status(EAST).orElseThrow();
    }

    private MemberFacts facts() {
        return Objects.requireNonNull(peers.facts().get(EAST));
    }

    private Optional<String> notRenewed() {
        return status().notRenewed();
    }

    private void awaitFollowing(PeerFile file, BooleanSupplier condition) {
        await().until(
                        () -> {
                            roster.follow(Map.of(EAST, file));
                            return condition.getAsBoolean();
                        });
    }

    private PeerFile token(String token) {
        return file(kubeconfig().replace(Kubeconfigs.TOKEN, token));
    }

    private void awaitInSync(ClusterName name) {
        await().until(() -> peers.status(name).filter(PeerStatus::up).isPresent());
    }

    private PeerFile good() {
        return file(kubeconfig());
    }

    private String kubeconfig() {
        return Kubeconfigs.withToken(server.url(), AUTHORITY);
    }

    private static PeerFile file(String text) {
        return new PeerFile.Content(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}
