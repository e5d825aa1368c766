package mesh.lockstep.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private static final int NUMBER = 32;

    private final Places places = new Places(NUMBER);

    @Test
    void halfOfThemAreForOneNamespace() {
        assertThat(taken("loud")).isEqualTo(NUMBER / 2);
    }

    @Test
    void thereIsSoonOneForTheNextHoweverManyWantAll() {
        var held = new ArrayDeque<String>();
        for (int i = 0; i < 20 * NUMBER; i++) {
            for (int loud = 0; loud < NUMBER / 2; loud++) {
                takeAll("loud-" + loud, held);
            }
            places.leave(held.remove());
        }

        assertThat(places.enter("quiet")).isTrue();
    }

    @Test
    void neverAreThereMoreThanTheirNumber() {
        int all = 0;
        for (int i = 0; i < 2 * NUMBER; i++) {
            all += taken("loud-" + i);
        }

        assertThat(all).isLessThanOrEqualTo(NUMBER);
    }

    @Test
    void whoLeavesMakesRoom() {
        taken("loud");
        places.leave("loud");

        assertThat(places.enter("loud")).isTrue();
        assertThat(places.enter("loud")).isFalse();
    }

    private void takeAll(String namespace, Queue<String> held) {
        while (places.enter(namespace)) {
            held.add(namespace);
        }
    }

    private int taken(String namespace) {
        int taken = 0;
        while (places.enter(namespace)) {
            taken++;
        }
        return taken;
    }
}
