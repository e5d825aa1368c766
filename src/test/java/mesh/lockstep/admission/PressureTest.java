package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import mesh.lockstep.admission.Pressure.Body;
import mesh.lockstep.admission.TurnedAway.Reason;
import org.junit.jupiter.api.Test;

class PressureTest {

    private static final String API_SERVER = "10.0.0.1";
    private static final String STRANGER = "10.0.9.9";

    private final List<Body> turnedAway = new ArrayList<>();
    private final Pressure pressure = new Pressure(4, 1_000);

    @Test
    void countsWhatHasCome() {
        var body = from(API_SERVER);

        arrive(body, 300);
        arrive(body, 200);
        assertThat(pressure.bytes()).isEqualTo(500);
        assertThat(pressure.enter(body)).isEmpty();

        pressure.leave(body);
        pressure.leave(body);
        assertThat(pressure.bytes()).isZero();
    }

    @Test
    void turnsAwayTheLargestOfTheAddressThatHasMost() {
        var review = from(API_SERVER);
        arrive(review, 400);
        var first = from(STRANGER);
        var second = from(STRANGER);
        arrive(first, 200);
        arrive(second, 350);

        arrive(from("10.0.0.2"), 100);

        assertThat(turnedAway).containsExactly(second);
        assertThat(pressure.bytes()).isEqualTo(700);
    }

    @Test
    void readsNothingMoreFromAClientThatWasTurnedAway() {
        var large = from(STRANGER);
        arrive(large, 1_001);

        arrive(large, 500);

        assertThat(turnedAway).containsExactly(large);
        assertThat(pressure.bytes()).isZero();
        assertThat(pressure.enter(large)).contains(Reason.PLACES);
    }

    @Test
    void whatIsJudgedKeepsNobodyFromComing() {
        var judged = from(API_SERVER);
        arrive(judged, 900);
        assertThat(pressure.enter(judged)).isEmpty();

        var late = from(API_SERVER);
        arrive(late, 900);

        assertThat(turnedAway).isEmpty();
        assertThat(pressure.enter(late)).isEmpty();
        assertThat(pressure.bytes()).isEqualTo(1_800);
    }

    /// As when somebody has creates of 64 KiB refused, all by the one address of the API server.
    @Test
    void aCrowdOfOrdinaryBodiesThatAreJudgedLeavesRoomForAnother() {
        var large = new Pressure(Pressure.PLACES, 8L * 1024 * 1024);
        for (int i = 0; i < 130; i++) {
            var refused = from(API_SERVER);
            assertThat(large.arrived(refused, Pressure.SMALL)).isEmpty();
            assertThat(large.enter(refused)).isEmpty();
        }

        var other = from(API_SERVER);

        assertThat(large.arrived(other, 5_000)).isEmpty();
        assertThat(large.enter(other)).isEmpty();
    }

    @Test
    void largeOnesAreDroppedBeforeSmallOnes() {
        var bytes = new Pressure(Pressure.PLACES, 4L * Pressure.SMALL);
        var large = from(STRANGER);
        bytes.arrived(large, Pressure.SMALL + 1);
        for (int i = 0; i < 3; i++) {
            var small = from(API_SERVER);

            assertThat(bytes.arrived(small, Pressure.SMALL))
                    .isEqualTo(i < 2 ? List.of() : List.of(large));
        }
    }

    @Test
    void defersAReviewThatThereIsNoRoomToJudge() {
        var bytes = new Pressure(Pressure.PLACES, 2L * Pressure.SMALL);
        var first = from(API_SERVER);
        var second = from(API_SERVER);
        bytes.arrived(first, Pressure.SMALL + 1);
        assertThat(bytes.enter(first)).isEmpty();
        bytes.arrived(second, Pressure.SMALL + 1);

        assertThat(bytes.enter(second)).contains(Reason.MEMORY);

        // It is answered, and cannot be taken back.
        var third = from(API_SERVER);
        assertThat(bytes.arrived(third, Pressure.SMALL)).containsExactly(third);
        bytes.leave(second);
        bytes.leave(first);
        assertThat(bytes.bytes()).isZero();
    }

    @Test
    void whoeverHasNotItsShareGetsAPlaceAmongMany() {
        IntStream.range(0, 4).forEach(_ -> assertThat(pressure.enter(from(STRANGER))).isEmpty());

        assertThat(pressure.enter(from(STRANGER))).contains(Reason.PLACES);
        assertThat(pressure.enter(from(API_SERVER))).isEmpty();
        assertThat(pressure.enter(from(API_SERVER))).contains(Reason.PLACES);
    }

    @Test
    void givesPlacesBack() {
        var bodies = IntStream.range(0, 4).mapToObj(_ -> from(API_SERVER)).toList();
        bodies.forEach(it -> assertThat(pressure.enter(it)).isEmpty());
        var without = from(API_SERVER);
        assertThat(pressure.enter(without)).contains(Reason.PLACES);

        pressure.leave(without);
        bodies.forEach(pressure::leave);

        assertThat(pressure.enter(from(API_SERVER))).isEmpty();
    }

    private void arrive(Body body, int length) {
        turnedAway.addAll(pressure.arrived(body, length));
    }

    private static Body from(String address) {
        return new Body(address, () -> {});
    }
}
