package mesh.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyMembersTest {

    private static final int MANY = 20;

    @TempDir private Path folder;

    /// Nobody is asked once for each of the others.
    @Test
    void eachOfManyIsAskedAsOftenAsEachOfFew() {
        var few = asked(2);
        var many = asked(MANY);

        assertThat(few.getFirst()).isPositive();
        assertThat(many).hasSize(MANY).containsOnly(few.getFirst());
    }

    private List<Integer> asked(int size) {
        try (var mesh = new StubMesh(folder, size)) {
            mesh.clusters.forEach(it -> it.holds(StubCluster.policy("api", "80")));

            var ran = mesh.run("check");

            assertThat(ran.out()).isEqualTo("1 policy, %d clusters: 1 agree\n".formatted(size));
            return mesh.clusters.stream().map(it -> it.asked.size()).toList();
        }
    }

    @Test
    void aMemberThatDepartsIsNamedAndTheOthersAreCounted() {
        try (var mesh = new StubMesh(folder, MANY)) {
            mesh.clusters.forEach(it -> it.holds(StubCluster.policy("api", "80")));
            mesh.cluster(7).holds(StubCluster.policy("api", "81"));
            mesh.cluster(MANY).close();

            var ran = mesh.run("check");

            assertThat(ran.out())
                    .contains("Differs   cnp    default     api    A in 18; B in cluster7\n")
                    .endsWith("1 policy, 19 of 20 clusters: 0 agree, 1 differ\n");
            assertThat(ran.err()).startsWith("cluster20: not compared: ");
            assertThat(Ran.of("version").out()).startsWith("kubectl-lockstep ");
        }
    }
}
