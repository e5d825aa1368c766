package mesh.lockstep.policy;

import static org.assertj.core.api.Assertions.assertThat;

import mesh.lockstep.support.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CleanTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nb",
                "a\rb",
                "a\tb",
                "a\u0000b",
                "a\u001b[31mb",
                "a\u2028b",
                "a\u202eb",
                "a\ud800b"
            })
    void leavesNoCharacterThatATerminalOrAHeaderActsOn(String text) {
        assertThat(Clean.line(text, 100)).matches("a\uFFFD(\\[31m)?b");
    }

    @Test
    void keepsWhatPeopleWrite() {
        assertThat(Clean.line("ingress[0].toFQDNs[\"münchen 🦊\"]", 100))
                .isEqualTo("ingress[0].toFQDNs[\"münchen 🦊\"]");
    }

    @Test
    void cutsToTheLimit() {
        assertThat(Clean.line("abcdef", 6)).isEqualTo("abcdef");
        assertThat(Clean.line("abcdefg", 6)).isEqualTo("abcde…");
    }

    @Test
    void neverCutsACharacterInHalf() {
        assertThat(Clean.line("abc🦊def", 5)).isEqualTo("abc…");
    }

    @Test
    void neverSaysWhatMakesFluxDeleteAnObject() {
        assertThat(Clean.line("this Is Immutable, an immutable field, this immutable", 100))
                .isEqualTo("this Is Im-mutable, an im-mutable field, this im-mutable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"immutable", "f-immutable", "is-immutable", "immutable-field"})
    void keepsANameWithThatWordInIt(String name) {
        assertThat(Clean.line("default/" + name + " differs", 100))
                .isEqualTo("default/" + name + " differs");
        assertThat(Clean.line(name + " would differ", 100)).isEqualTo(name + " would differ");
    }

    @Test
    void keepsTheLinesOfAPage() {
        assertThat(Clean.lines("<p>\n\u001b[31mall\u202e is well\u2028</p>\n"))
                .isEqualTo("<p>\n\uFFFD[31mall\uFFFD is well\uFFFD</p>\n");
    }

    @Test
    void cleansEveryTextOfATree() {
        var tree = Yaml.read("{a: \"x\\ey\", b: [1, true, null, {c: \"\\u202Ez\"}]}");

        assertThat(Clean.tree(tree))
                .isEqualTo(Yaml.read("{a: \"x\\uFFFDy\", b: [1, true, null, {c: \"\\uFFFDz\"}]}"));
    }
}
