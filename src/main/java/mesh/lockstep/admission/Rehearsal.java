package mesh.lockstep.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.Policy;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.policy.StrictJson;
import mesh.lockstep.policy.reading.PolicyReader;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.Judgement;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.MemberFacts;
import mesh.lockstep.rollout.Namespaces;
import mesh.lockstep.rollout.PeerView;
import mesh.lockstep.rollout.Peers;
import mesh.lockstep.rollout.Referee;
import mesh.lockstep.rollout.Scope;
import org.jspecify.annotations.Nullable;

/// Plays through what a review goes through, before the first one arrives: code runs slowly the
/// first few times. The policy and the peers are made up, nothing is logged or counted, nobody is
/// asked.
final class Rehearsal {

    private static final Duration AT_MOST = Duration.ofSeconds(1);

    private final AdmissionReader reader;
    private final AdmissionWriter writer;
    private final Referee referee;
    private final List<byte[]> reviews;

    Rehearsal(AdmissionWriter writer, EnforcementConfig config) {
        // With one that remembers, each policy would be read once only.
        this.reader = new AdmissionReader(PolicyReader::new);
        this.writer = writer;
        try {
            var before = policy();
            var after = before.deepCopy();
            ((ObjectNode) after.at("/spec/ingress/1/fromCIDRSet/0")).put("cidr", "10.0.0.0/9");
            reviews = List.of(review("CREATE", after, null), review("UPDATE", after, before));
            referee =
                    new Referee(
                            new Stage(read(review("CREATE", before, null))),
                            Histories.NONE,
                            new Scope(new Ordinary(), Set.of()),
                            config.enforcement());
        } catch (IOException | UnreadableReviewException e) {
            throw new IllegalStateException(e);
        }
    }

    /// One that is refused at level `deny`, and one that is admitted.
    ///
    /// @return the answers
    List<byte[]> play() {
        return reviews.stream().map(this::answer).toList();
    }

    private byte[] answer(byte[] review) {
        try {
            var request = reader.read(review);
            var judgement =
                    request.requested()
                            .map(change -> referee.judge(change, Deadline.in(AT_MOST)))
                            .orElse(Judgement.EXEMPT);
            return writer.write(request, judgement);
        } catch (UnreadableReviewException e) {
            throw new IllegalStateException(e);
        }
    }

    private Policy read(byte[] review) throws UnreadableReviewException {
        return reader.read(review)
                .requested()
                .flatMap(change -> change.change().outcome())
                .orElseThrow();
    }

    private static ObjectNode policy() throws IOException {
        try (InputStream json =
                Objects.requireNonNull(Rehearsal.class.getResourceAsStream("/rehearsal.json"))) {
            return (ObjectNode) StrictJson.read(json.readAllBytes());
        }
    }

    private static byte[] review(String operation, JsonNode object, @Nullable JsonNode oldObject)
            throws IOException {
        var review = JsonNodeFactory.instance.objectNode();
        review.put("kind", "AdmissionReview").put("apiVersion", AdmissionReader.API_VERSION);
        var request = review.putObject("request").put("uid", "rehearsal");
        request.putObject("resource")
                .put("group", PolicyKey.Kind.CILIUM_NETWORK_POLICY.group())
                .put("resource", PolicyKey.Kind.CILIUM_NETWORK_POLICY.plural());
        request.put("namespace", "rehearsal").put("operation", operation);
        request.putObject("userInfo").put("username", "rehearsal");
        request.set("object", object);
        if (oldObject != null) {
            request.set("oldObject", oldObject);
        }
        return StrictJson.write(review);
    }

    /// Two peers: one that holds another version, and one that holds nothing.
    private record Stage(Policy theirs) implements Peers {

        private static final ClusterName HERE = new ClusterName("here");
        private static final ClusterName EAST = new ClusterName("east");
        private static final ClusterName WEST = new ClusterName("west");

        @Override
        public Optional<ClusterName> here() {
            return Optional.of(HERE);
        }

        @Override
        public List<PeerView> recall(PolicyKey key) {
            return List.of(
                    new PeerView.Holds(EAST, theirs.version(), theirs.intent().revision()),
                    new PeerView.Lacks(WEST));
        }

        @Override
        public SortedMap<ClusterName, MemberFacts> facts() {
            return Collections.emptySortedMap();
        }

        @Override
        public boolean holdHere(PolicyKey key, Deadline deadline) {
            return false;
        }

        @Override
        public LiveAnswers ask(List<ClusterName> peers, PolicyKey key, Deadline deadline) {
            return new Said(List.of(new LiveAnswer.Shown(EAST, theirs, "1")));
        }
    }

    private record Ordinary() implements Namespaces {

        @Override
        public Namespace find(String name) {
            return Namespace.ORDINARY;
        }

        @Override
        public Optional<Namespace> recall(String name) {
            return Optional.of(Namespace.ORDINARY);
        }
    }

    private record Said(List<LiveAnswer> answers) implements Peers.LiveAnswers {

        @Override
        public Iterator<LiveAnswer> iterator() {
            return answers.iterator();
        }

        @Override
        public void conclude() {
            // Nobody else was asked.
        }

        @Override
        public void close() {
            // Nobody was asked.
        }
    }
}
