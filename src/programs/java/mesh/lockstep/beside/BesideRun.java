package mesh.lockstep.beside;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import mesh.lockstep.support.Program;

/// What a review costs here, and with what others use in its place: all of them asked about the
/// same changes by one real API server, and directly, in turns, so that what else the machine does
/// is the same for all. Started by `make beside`.
final class BesideRun {

    private static final String NONE = "none";
    private static final String ADMISSION_POLICY = "admission-policy";
    private static final int ROUNDS = Math.clamp(Integer.getInteger("beside.rounds", 3), 1, 9);

    private final Stage stage;
    private final Pattern wanted;
    private final Changes changes;
    private final Webhooks webhooks;
    private final Figures figures = new Figures();

    private BesideRun(Stage stage, String... names) {
        this.stage = stage;
        wanted =
                Pattern.compile(
                        names.length == 0 ? ".*" : String.join("|", names).replace("*", ".*"));
        changes = new Changes(stage);
        webhooks = new Webhooks(stage);
    }

    /// Measures the webhooks that have one of the names, in which `*` means any letters, or all if
    /// no name is given.
    public static void main(String... names) {
        new Program().part("beside", () -> run(names)).run();
    }

    private static void run(String... names) throws InterruptedException {
        try (var stage = new Stage()) {
            new BesideRun(stage, names).measure();
        }
    }

    private void measure() throws InterruptedException {
        var asked = present();
        furnish(asked);
        changes.awaitVerdicts(ADMISSION_POLICY, true);
        var reviews = SentReviews.record(stage, changes, webhooks);
        var turns =
                asked.stream().map(it -> new Turn(stage, changes, reviews, figures, it)).toList();
        for (var turn : turns) {
            say("%s: does it judge?", turn.webhook().name());
            turn.rehearse();
        }
        for (int round = 1; round <= ROUNDS; round++) {
            say("round %d of %d, load %.1f", round, ROUNDS, load());
            new ApiServerTurn(changes, figures, NONE).admitted();
            var itself = new ApiServerTurn(changes, figures, ADMISSION_POLICY);
            itself.admitted();
            itself.refused();
            for (var turn : turns) {
                say("  %s", turn.webhook().name());
                turn.measure();
            }
        }
        tell(reviews);
    }

    private void furnish(List<Webhook> asked) {
        Stream.concat(
                        Stream.of(NONE, ADMISSION_POLICY, Webhooks.EMPTY),
                        asked.stream().map(Webhook::name))
                .distinct()
                .forEach(stage::furnish);
        AdmissionPolicy.furnish(stage, ADMISSION_POLICY);
        if (asked.stream().anyMatch(it -> it.program().equals(Gatekeeper.PROGRAM))) {
            Gatekeeper.furnish(stage);
        }
        if (asked.stream().anyMatch(it -> it.program().equals(Kyverno.PROGRAM))) {
            Kyverno.furnish(stage);
        }
    }

    private List<Webhook> present() {
        var present = new ArrayList<Webhook>();
        for (var webhook : webhooks.all()) {
            if (!wanted.matcher(webhook.name()).matches()) {
                continue;
            }
            if (webhook.isBuilt()) {
                present.add(webhook);
            } else {
                say(
                        "%s is left out: there is no %s (%s)",
                        webhook.name(), webhook.program(), webhook.advice());
            }
        }
        return present;
    }

    private void tell(SentReviews reviews) {
        say(
                "Medians of %d rounds, %d processors, load %.1f at the end; a review of %d bytes, %d policies",
                ROUNDS,
                Runtime.getRuntime().availableProcessors(),
                load(),
                reviews.bytes(),
                Stage.POLICIES);
        say("%n%s", figures.table());
        var ours = List.of(Webhooks.EXECUTABLE, Webhooks.JVM);
        var others = List.of(Webhooks.EMPTY, Gatekeeper.NAME);
        say("%s", figures.ratios(ours, others, NONE));
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    @SuppressWarnings("SystemOut") // It is what is asked for.
    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
