package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class FairTimeTest {

    private final FairTime fairTime = new FairTime(Duration.ofSeconds(1));
    private Duration granted = Duration.ZERO;
    private Duration passed = Duration.ZERO;

    /// Each of our waits lasts a hundred times as long as it should.
    @Test
    void timeInWhichWeHadNoProcessorIsNotThePeers() throws InterruptedException {
        assertThat(
                        fairTime.lasts(
                                time -> {
                                    granted = granted.plus(time);
                                    passed = passed.plus(time.multipliedBy(100));
                                    return false;
                                }))
                .isFalse();

        assertThat(granted).isEqualTo(fairTime.time());
        assertThat(passed).isEqualTo(fairTime.time().multipliedBy(100));
    }

    @Test
    void endsWithWhatIsWaitedFor() throws InterruptedException {
        assertThat(
                        fairTime.lasts(
                                time -> {
                                    granted = granted.plus(time);
                                    return granted.compareTo(Duration.ofMillis(500)) >= 0;
                                }))
                .isTrue();

        assertThat(granted).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void interruptsWhatTakesLonger() throws InterruptedException {
        var interrupted = new CountDownLatch(1);

        var said =
                new FairTime(Duration.ofMillis(20))
                        .await(
                                () -> {
                                    try {
                                        new CountDownLatch(1).await();
                                    } catch (InterruptedException e) {
                                        interrupted.countDown();
                                    }
                                    return "too late";
                                });

        interrupted.await();
        assertThat(said).isEmpty();
    }

    @Test
    void givesWhatCame() throws InterruptedException {
        assertThat(new FairTime(Duration.ofMinutes(1)).await(() -> "here")).contains("here");
    }
}
