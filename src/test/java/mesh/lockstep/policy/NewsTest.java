package mesh.lockstep.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class NewsTest {

    private final News<String> news = new News<>();

    @Test
    void saysTheSameOnce() {
        assertThat(news.isNew("west", "away")).isTrue();
        assertThat(news.isNew("west", "away")).isFalse();
        assertThat(news.isNew("east", "away")).isTrue();
    }

    @Test
    void saysItAgainWhenSomethingElseWasSaidInBetween() {
        assertThat(news.isNew("west", "away")).isTrue();
        assertThat(news.isNew("west", "busy")).isTrue();
        assertThat(news.isNew("west", "away")).isTrue();
    }

    @Test
    void saysItAgainOfWhatWasForgotten() {
        news.isNew("west", "away");
        news.isNew("east", "away");
        news.isNew("north", "away");

        news.forget("east");

        assertThat(news.forgetAllBut(Set.of("west", "south"))).containsExactly("north");
        assertThat(news.isNew("west", "away")).isFalse();
        assertThat(news.isNew("east", "away")).isTrue();
        assertThat(news.isNew("north", "away")).isTrue();
    }
}
