package mesh.lockstep.beside;

import static mesh.lockstep.support.Waiting.LATER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mesh.lockstep.support.Load.Outcome;

/// One webhook from its start to its end, measured.
///
/// @param figures what is added to
record Turn(Stage stage, Changes changes, SentReviews reviews, Figures figures, Webhook webhook) {

    private static final Duration SETTLING = Duration.ofSeconds(3);
    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final Duration COLD = Duration.ofSeconds(5);
    private static final int DIRECTLY = 100;
    private static final int REFUSED = 20;

    /// Shows that it judges as it should, and measures nothing.
    void rehearse() {
        try (var running = webhook.start().begin()) {
            running.awaitReady();
            awaitRefusal(running);
            try (var _ = new Registration(stage, changes, webhook, running.port())) {
                changes.awaitVerdicts(webhook.name(), webhook.judges());
            }
        }
    }

    void measure() throws InterruptedException {
        var begun = System.nanoTime();
        try (var running = webhook.start().begin()) {
            running.awaitReady();
            add(Figure.START, seconds(begun));
            add(Figure.START_PROCESSOR, running.used() / 1e3);
            awaitRefusal(running);
            if (webhook.judges()) {
                add(Figure.START_JUDGING, seconds(begun));
            }
            rest(running);
            load(running);
            add(Figure.LOADED_MEMORY, running.anonymous());
        }
    }

    private void rest(Running running) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(SETTLING.toNanos());
        var before = running.used();
        TimeUnit.NANOSECONDS.sleep(IDLE.toNanos());
        add(Figure.IDLE, (running.used() - before) / IDLE.toSeconds());
        add(Figure.IDLE_MEMORY, running.anonymous());
    }

    private void load(Running running) {
        send(
                running,
                true,
                DIRECTLY,
                COLD,
                Figure.COLD_MEDIAN,
                Figure.COLD_TAIL,
                Figure.COLD_PROCESSOR);
        try (var _ = new Registration(stage, changes, webhook, running.port())) {
            var before = running.used();
            var asked = new ApiServerTurn(changes, figures, webhook.name());
            int requests = asked.admitted();
            add(Figure.SERVER_PROCESSOR, (running.used() - before) / requests);
            send(
                    running,
                    true,
                    DIRECTLY,
                    ApiServerTurn.TIME,
                    Figure.WARM_MEDIAN,
                    Figure.WARM_TAIL,
                    Figure.WARM_PROCESSOR);
            if (webhook.judges()) {
                send(
                        running,
                        false,
                        REFUSED,
                        ApiServerTurn.TIME,
                        Figure.REFUSED_MEDIAN,
                        Figure.REFUSED_TAIL,
                        Figure.REFUSED_PROCESSOR);
                asked.refused();
            }
        }
    }

    private void send(
            Running running,
            boolean admitted,
            int rate,
            Duration time,
            Figure median,
            Figure tail,
            Figure processor) {
        var before = running.used();
        var outcome = reviews.load(webhook, running.port(), admitted, rate, time).run();
        requireWhole(outcome);
        add(median, outcome.median() / 1e3);
        add(tail, outcome.tail() / 1e3);
        add(processor, (running.used() - before) / outcome.requests());
    }

    static void requireWhole(Outcome outcome) {
        assertThat(outcome.failed()).as(outcome.toString()).isZero();
    }

    /// Ready is not yet judging: what it compares with may still be on its way.
    private void awaitRefusal(Running running) {
        if (webhook.judges()) {
            await().alias(webhook.name() + " refuses")
                    .atMost(LATER)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> reviews.refuses(webhook, running.port()));
        }
    }

    private void add(Figure figure, double value) {
        figures.add(webhook.name(), figure, value);
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }
}
