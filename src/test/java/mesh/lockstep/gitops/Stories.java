package mesh.lockstep.gitops;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What repositories and clusters go through.
final class Stories {

    private static final String ONE = "cluster1";
    private static final String TWO = "cluster2";
    private static final String THREE = "cluster3";

    /// Ports represent versions: all begin with 80 by default.
    private static final int FIRST = 80;

    private static final int SECOND = 81;
    private static final int THIRD = 82;

    /// Seconds until the controllers' sources have a commit, including those of a cluster that
    /// sleeps: one that wakes earlier may see the one before.
    private static final int SOURCES = 6;

    private Stories() {}

    /// A story.
    ///
    /// @param end the ports that the clusters should have when it is over: for a cluster that
    ///   sleeps, the one it had
    record Story(String title, Consumer<Play> plot, String end) {

        /// All should have the same port.
        Story(String title, Consumer<Play> plot, int end) {
            this(title, plot, "%1$d %1$d %1$d".formatted(end));
        }

        /// Its row of the table.
        String play(Play play) {
            plot.accept(play);
            return play.outcome(title, end);
        }
    }

    /// The stories for any controller.
    static List<Story> all() {
        return Stream.of(ordinary(), overtaken(), asleep(), byHand(), pruned(), others())
                .flatMap(List::stream)
                .toList();
    }

    /// The stories in which a cluster is refused, if only for a while.
    static List<Story> refused() {
        return List.of(overtaken().getFirst(), asleep().getLast());
    }

    /// The stories for controllers that delete what they change, and create it again.
    static List<Story> replaced() {
        return List.of(
                ordinary().getLast(),
                begun(
                        "one change while cluster3 sleeps",
                        play -> {
                            play.suspend(THREE);
                            play.push(SECOND);
                        },
                        "81 81 80"),
                overtaken().getFirst());
    }

    private static List<Story> ordinary() {
        return List.of(
                new Story("the first commit", play -> play.push(FIRST), FIRST),
                begun("one change", play -> play.push(SECOND), SECOND));
    }

    private static List<Story> overtaken() {
        var natural =
                IntStream.range(0, 6)
                        .mapToObj(
                                i ->
                                        begun(
                                                "two commits 2 s apart, " + (i + 1),
                                                play -> {
                                                    play.push(SECOND);
                                                    play.pause(2);
                                                    play.push(THIRD);
                                                },
                                                THIRD));
        var made =
                Stream.of(
                        begun(
                                "two commits, cluster2 and cluster3 sleep during the first",
                                play -> {
                                    play.suspend(TWO, THREE);
                                    play.push(SECOND);
                                    play.awaitPorts("81 80 80");
                                    play.push(THIRD);
                                    play.pause(SOURCES);
                                    play.resume(TWO, THREE);
                                },
                                THIRD),
                        begun(
                                "five commits, one a second",
                                play -> {
                                    for (int port = SECOND; port < SECOND + 5; port++) {
                                        play.push(port);
                                        play.pause(1);
                                    }
                                },
                                SECOND + 4));
        return Stream.concat(made, natural).toList();
    }

    private static List<Story> asleep() {
        return List.of(
                begun(
                        "cluster3 sleeps during two changes, then wakes",
                        play -> {
                            play.suspend(THREE);
                            play.push(SECOND);
                            play.awaitPorts("81 81 80");
                            play.push(THIRD);
                            play.awaitPorts("82 82 80");
                            play.resume(THREE);
                        },
                        THIRD),
                begun("cluster3 is ahead and sleeps; a commit", Stories::thirdIsAhead, "82 82 81"),
                begun(
                        "the same, and the revision is raised in a commit; cluster3 wakes",
                        play -> {
                            thirdIsAhead(play);
                            play.pause(8);
                            play.push(THIRD, 1);
                            play.awaitPorts("82 82 81");
                            play.resume(THREE);
                        },
                        THIRD));
    }

    private static void thirdIsAhead(Play play) {
        play.suspend(ONE, TWO);
        play.push(SECOND);
        play.awaitPorts("80 80 81");
        play.suspend(THREE);
        play.push(THIRD);
        play.pause(SOURCES);
        play.resume(ONE, TWO);
    }

    private static List<Story> byHand() {
        return List.of(
                begun("edited by hand in cluster2", play -> play.editByHand(TWO, 99), FIRST),
                begun(
                        "edited by hand in cluster2, and a commit at once",
                        play -> {
                            play.editByHand(TWO, 99);
                            play.push(SECOND);
                        },
                        SECOND),
                begun("deleted by hand in cluster2", play -> play.deleteByHand(TWO), FIRST));
    }

    private static List<Story> pruned() {
        return List.of(
                begun(
                        "pruned, and back in another version",
                        play -> {
                            play.prune();
                            play.awaitPorts("none none none");
                            play.push(SECOND);
                        },
                        SECOND),
                begun(
                        "pruned while cluster3 sleeps, back in another version; it sleeps on",
                        Stories::backWhileThirdSleeps,
                        "81 81 80"),
                begun(
                        "the same, and cluster3 wakes",
                        play -> {
                            backWhileThirdSleeps(play);
                            play.awaitPorts("81 81 80");
                            play.resume(THREE);
                        },
                        SECOND));
    }

    private static void backWhileThirdSleeps(Play play) {
        play.suspend(THREE);
        play.prune();
        play.awaitPorts("none none 80");
        play.push(SECOND);
    }

    private static List<Story> others() {
        return List.of(
                begun(
                        "the webhooks restart midway of two changes",
                        play -> {
                            play.suspend(TWO, THREE);
                            play.push(SECOND);
                            play.awaitPorts("81 80 80");
                            play.restartWebhooks();
                            play.push(THIRD);
                            play.pause(SOURCES);
                            play.resume(TWO, THREE);
                        },
                        THIRD),
                begun(
                        "the revision is raised in each of two commits 2 s apart",
                        play -> {
                            play.push(SECOND, 1);
                            play.pause(2);
                            play.push(THIRD, 2);
                        },
                        THIRD));
    }

    private static Story begun(String title, Consumer<Play> plot, int end) {
        return new Story(title, begun(plot), end);
    }

    private static Story begun(String title, Consumer<Play> plot, String end) {
        return new Story(title, begun(plot), end);
    }

    private static Consumer<Play> begun(Consumer<Play> plot) {
        return play -> {
            play.begin(FIRST);
            plot.accept(play);
        };
    }
}
