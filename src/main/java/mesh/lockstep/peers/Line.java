package mesh.lockstep.peers;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.LiveAnswer;
import mesh.lockstep.rollout.LiveAnswer.Deferred;
import org.jspecify.annotations.Nullable;

/// Where questions to one peer wait for their turn: a few are in progress at once, and the
/// namespaces take turns.
///
/// For each policy there is one question in progress, and one that waits, however many want to
/// know. A newcomer joins the one that waits, never the other: its answer may be older than the
/// request. A question is asked by a thread of its own, and takes the time that it needs, however
/// little time those who asked it have.
final class Line {

    /// One namespace can have half as many in progress.
    static final int UNDER_WAY = 32;

    /// Questions that ordinary changes bring about at once.
    private static final int CROWD = 4;

    /// How many may wait for an answer; for one namespace half as many, which is more than an API
    /// server has changes in progress by default.
    static final int ASKERS = 512;

    private final ClusterName peer;
    private final Function<PolicyKey, LiveAnswer> asking;
    private final Places askers = new Places(ASKERS);
    private final Places places = new Places(UNDER_WAY);
    private final Set<PolicyKey> underWay = new HashSet<>();
    private final Map<PolicyKey, Question> waiting = new HashMap<>();

    /// Questions that only wait for a place, by namespace: the one whose turn is next comes first.
    private final Map<String, Queue<Question>> turns = new LinkedHashMap<>();

    /// @param asking puts a question to the peer and waits for what it says
    Line(ClusterName peer, Function<PolicyKey, LiveAnswer> asking) {
        this.peer = peer;
        this.asking = asking;
    }

    private static final class Question {

        private final PolicyKey key;
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile @Nullable LiveAnswer answer;
        private volatile boolean begun;
        private int askers;

        Question(PolicyKey key) {
            this.key = key;
        }

        void answer(LiveAnswer said) {
            answer = said;
            over.countDown();
        }
    }

    /// Waits for what the peer says to a question that had not begun before.
    ///
    /// @return deferred if the time was over before
    LiveAnswer ask(PolicyKey key, Deadline deadline) throws InterruptedException {
        var joined = join(key);
        if (joined.isEmpty()) {
            return new Deferred(peer, "too many requests at once");
        }
        var question = joined.get();
        try {
            if (question.over.await(deadline.left().toNanos(), TimeUnit.NANOSECONDS)
                    && question.answer != null) {
                return question.answer;
            }
            return new Deferred(
                    peer,
                    question.begun ? LiveReads.NO_TIME_LEFT : "its turn did not come in time");
        } finally {
            leave(question);
        }
    }

    /// Whether more questions are in progress than ordinary changes cause.
    synchronized boolean isCrowded() {
        return underWay.size() > CROWD;
    }

    private synchronized Optional<Question> join(PolicyKey key) {
        if (!askers.enter(key.namespace())) {
            return Optional.empty();
        }
        var question = waiting.get(key);
        if (question == null) {
            question = new Question(key);
            waiting.put(key, question);
            if (!underWay.contains(key)) {
                queue(question);
                beginAll();
            }
        }
        question.askers++;
        return Optional.of(question);
    }

    /// What nobody wants to know any more is not asked.
    private synchronized void leave(Question question) {
        var namespace = question.key.namespace();
        askers.leave(namespace);
        question.askers--;
        if (question.askers == 0 && waiting.remove(question.key, question)) {
            var turn = turns.get(namespace);
            if (turn != null && turn.remove(question) && turn.isEmpty()) {
                turns.remove(namespace);
            }
        }
    }

    private void queue(Question question) {
        turns.computeIfAbsent(question.key.namespace(), _ -> new ArrayDeque<>()).add(question);
    }

    /// As many as there are places for.
    private void beginAll() {
        for (var next = next(); next.isPresent(); next = next()) {
            var question = next.get();
            waiting.remove(question.key);
            underWay.add(question.key);
            question.begun = true;
            Thread.ofVirtual().name("ask-" + peer).start(() -> put(question));
        }
    }

    /// From the first namespace that may take a place; its next turn is after those of all others.
    private Optional<Question> next() {
        var each = turns.entrySet().iterator();
        while (each.hasNext()) {
            var turn = each.next();
            var namespace = turn.getKey();
            if (places.enter(namespace)) {
                var questions = turn.getValue();
                var question = questions.remove();
                each.remove();
                if (!questions.isEmpty()) {
                    turns.put(namespace, questions);
                }
                return Optional.of(question);
            }
        }
        return Optional.empty();
    }

    private void put(Question question) {
        LiveAnswer answer = new Deferred(peer, "its answer could not be read");
        try {
            answer = asking.apply(question.key);
        } finally {
            end(question);
            question.answer(answer);
        }
    }

    private synchronized void end(Question question) {
        underWay.remove(question.key);
        places.leave(question.key.namespace());
        var successor = waiting.get(question.key);
        if (successor != null) {
            queue(successor);
        }
        beginAll();
    }
}
