package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.Testimony;
import mesh.lockstep.rollout.Testimony.NotFound;
import mesh.lockstep.rollout.Testimony.Silent;
import org.junit.jupiter.api.Test;

class InquiryTest {

    private static final ClusterName EAST = new ClusterName("east");
    private static final ClusterName WEST = new ClusterName("west");
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final CountDownLatch interrupted = new CountDownLatch(1);

    @Test
    void givesTheAnswerThatComesFirst() {
        try (var inquiry = new Inquiry(List.of(EAST, WEST), this::onlyWestAnswers, LONG)) {
            assertThat(inquiry.iterator().next()).isEqualTo(new NotFound(WEST));
        }
    }

    @Test
    void takesThoseWhoAreLateForSilent() {
        try (var inquiry = new Inquiry(List.of(EAST, WEST), this::onlyWestAnswers, SHORT)) {
            var testimonies = new ArrayList<Testimony>();
            inquiry.forEach(testimonies::add);

            assertThat(testimonies)
                    .containsExactly(new NotFound(WEST), new Silent(EAST, "no answer in time"));
        }
    }

    @Test
    void asksNobodyWhereNobodyIsNamed() {
        try (var inquiry = new Inquiry(List.of(), this::onlyWestAnswers, LONG)) {
            assertThat(inquiry).isEmpty();
        }
    }

    @Test
    void stopsWaitingWhenItIsClosed() throws InterruptedException {
        new Inquiry(List.of(EAST), this::onlyWestAnswers, LONG).close();

        assertThat(interrupted.await(1, TimeUnit.MINUTES)).isTrue();
    }

    private Testimony onlyWestAnswers(ClusterName peer) {
        if (peer.equals(EAST)) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        }
        return new NotFound(peer);
    }
}
