package mesh.lockstep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mesh.lockstep.support.Checkout;
import mesh.lockstep.support.Lockstep;
import mesh.lockstep.support.Mesh;
import mesh.lockstep.support.Program;

/// How long the command line and the scripts take for the same: introducing three members of a real
/// mesh to each other anew, and checking them. In turns, so that what else the machine does is the
/// same for both. Started by `make cli-times`.
final class CliRun {

    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final String CONTEXTS = "--contexts=cluster1,cluster2,cluster3";
    private static final String NAMES = " cluster1 cluster2 cluster3";

    private final Map<String, List<Double>> times = new LinkedHashMap<>();

    private CliRun() {}

    public static void main(String... parts) {
        new Program().part("times", () -> new CliRun().measure()).run(parts);
    }

    private void measure() {
        try (var mesh = Mesh.start("cli-times", "--clusters", "3")) {
            var scripts = Checkout.in(Program.folder("cli-times"), mesh);
            var lockstep = new Lockstep(mesh.kubeconfig().toString());
            scripts.succeed("k8s/connect.sh" + NAMES);
            for (int i = 0; i < ROUNDS; i++) {
                time("connect.sh", () -> scripts.succeed("k8s/connect.sh --rotate" + NAMES));
                time(
                        "connect",
                        () -> succeed(lockstep.run("connect", "--all", CONTEXTS).exitCode()));
                // No webhook is installed: both say so of each cluster, and check the rest.
                time("verify.sh", () -> scripts.run("k8s/verify.sh" + NAMES));
                time("status", () -> lockstep.run("status", CONTEXTS));
            }
        }
        say("connect", "connect.sh");
        say("status", "verify.sh");
    }

    private static void succeed(int exitCode) {
        if (exitCode != 0) {
            throw new IllegalStateException("connect failed");
        }
    }

    private void time(String what, Runnable task) {
        var begun = System.nanoTime();
        task.run();
        times.computeIfAbsent(what, _ -> new ArrayList<>()).add((System.nanoTime() - begun) / 1e9);
    }

    private void say(String command, String script) {
        System.out.printf(
                "%-8s %6.2f s   %-10s %6.2f s   %.1f times as fast (medians of %d)%n",
                command,
                median(command),
                script,
                median(script),
                median(script) / median(command),
                ROUNDS);
    }

    private double median(String what) {
        var sorted = times.getOrDefault(what, List.of()).stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
