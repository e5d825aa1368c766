package mesh.lockstep.beside;

import java.time.Duration;

/// How long the API server takes for changes in a namespace, about which it asks a webhook, or
/// nobody.
///
/// @param figures what is added to
/// @param name of the namespace
record ApiServerTurn(Changes changes, Figures figures, String name) {

    /// Of each load but the first after a start.
    static final Duration TIME = Duration.ofSeconds(Integer.getInteger("beside.seconds", 15));

    private static final int ADMITTED = 40;
    private static final int REFUSED = 20;

    /// Measures changes that get through.
    ///
    /// @return how many they were
    int admitted() {
        var outcome = changes.load(name, Version.PEERS, ADMITTED, TIME).run();
        Turn.requireWhole(outcome);
        figures.add(name, Figure.SERVER_MEDIAN, outcome.median() / 1e3);
        figures.add(name, Figure.SERVER_TAIL, outcome.tail() / 1e3);
        return outcome.requests();
    }

    /// Measures changes that are refused.
    void refused() {
        var outcome =
                changes.load(name, Version.THIRD, REFUSED, TIME)
                        .expectingRefusals()
                        .expecting("denied")
                        .run();
        Turn.requireWhole(outcome);
        figures.add(name, Figure.SERVER_REFUSED_MEDIAN, outcome.median() / 1e3);
        figures.add(name, Figure.SERVER_REFUSED_TAIL, outcome.tail() / 1e3);
    }
}
