package mesh.lockstep.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import mesh.lockstep.apiserver.FairTime.Clock;
import org.junit.jupiter.api.Test;

class FairTimeTest {

    private final FairTime fairTime = new FairTime(Duration.ofSeconds(1));
    private Duration granted = Duration.ZERO;
    private Duration passed = Duration.ZERO;

    /// Each of our waits lasts a hundred times as long as it should.
    @Test
    void timeWithoutAProcessorDoesNotCountAgainstThePeer() throws InterruptedException {
        assertThat(
                        fairTime.lasts(
                                time -> {
                                    granted = granted.plus(time);
                                    passed = passed.plus(time.multipliedBy(100));
                                    return false;
                                },
                                new Clock()))
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
                                },
                                new Clock()))
                .isTrue();

        assertThat(granted).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void timeInWhichWeWorkOnWhatCameIsNotThePeers() throws IOException, InterruptedException {
        var clock = new Clock();

        var lasted =
                clock.stoppedDuring(
                        () ->
                                fairTime.lasts(
                                        time -> {
                                            granted = granted.plus(time);
                                            return granted.compareTo(Duration.ofHours(1)) >= 0;
                                        },
                                        clock));

        assertThat(lasted).isTrue();
    }

    @Test
    void aLongAnswerMayTakeLonger() throws InterruptedException {
        var clock = new Clock();
        clock.came(Intake.LARGEST);

        assertThat(fairTime.lasts(this::count, clock)).isFalse();

        assertThat(granted)
                .isGreaterThanOrEqualTo(fairTime.time().plus(Intake.LONGEST))
                .isLessThan(fairTime.time().multipliedBy(2).plus(Intake.LONGEST));
    }

    @Test
    void aFewBytesNowAndThenDoNotMakeItLonger() throws InterruptedException {
        var clock = new Clock();

        assertThat(
                        fairTime.lasts(
                                time -> {
                                    clock.came(1);
                                    return count(time);
                                },
                                clock))
                .isFalse();

        assertThat(granted).isLessThan(fairTime.time().multipliedBy(2));
    }

    private boolean count(Duration time) {
        granted = granted.plus(time);
        return false;
    }

    @Test
    void interruptsWhatTakesLonger() throws InterruptedException {
        var interrupted = new CountDownLatch(1);

        var said =
                new FairTime(Duration.ofMillis(20))
                        .await(
                                _ -> {
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
        assertThat(new FairTime(Duration.ofMinutes(1)).await(_ -> "here")).contains("here");
    }
}
