package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import mesh.lockstep.admission.Pressure.Body;
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
        assertThat(pressure.enter(body)).isTrue();

        pressure.leave(body);
        pressure.leave(body);
        assertThat(pressure.bytes()).isZero();
    }

    @Test
    void turnsAwayTheLargestOfWhomeverHasMost() {
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
    void takesNothingMoreOfWhoWasTurnedAway() {
        var large = from(STRANGER);
        arrive(large, 1_001);

        arrive(large, 500);

        assertThat(turnedAway).containsExactly(large);
        assertThat(pressure.bytes()).isZero();
        assertThat(pressure.enter(large)).isFalse();
    }

    /// What is being judged cannot be taken back.
    @Test
    void whatIsWholeStays() {
        var judged = from(STRANGER);
        arrive(judged, 900);
        assertThat(pressure.enter(judged)).isTrue();

        var late = from(API_SERVER);
        arrive(late, 200);

        assertThat(turnedAway).containsExactly(late);
    }

    @Test
    void whoeverHasNotItsShareGetsAPlaceAmongMany() {
        IntStream.range(0, 4).forEach(_ -> assertThat(pressure.enter(from(STRANGER))).isTrue());

        assertThat(pressure.enter(from(STRANGER))).isFalse();
        assertThat(pressure.enter(from(API_SERVER))).isTrue();
        assertThat(pressure.enter(from(API_SERVER))).isFalse();
    }

    @Test
    void givesPlacesBack() {
        var bodies = IntStream.range(0, 4).mapToObj(_ -> from(API_SERVER)).toList();
        bodies.forEach(it -> assertThat(pressure.enter(it)).isTrue());
        assertThat(pressure.enter(from(API_SERVER))).isFalse();

        bodies.forEach(pressure::leave);

        assertThat(pressure.enter(from(API_SERVER))).isTrue();
    }

    private void arrive(Body body, int length) {
        turnedAway.addAll(pressure.arrived(body, length));
    }

    private static Body from(String address) {
        return new Body(address, () -> {});
    }
}
