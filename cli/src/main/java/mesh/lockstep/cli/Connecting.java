package mesh.lockstep.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mesh.lockstep.cli.Introduction.Manner;

/// Makes what clusters lack to know each other.
///
/// @param introductions of each cluster to all others
/// @param all whether also what is good is replaced
/// @param manner in which that is done
record Connecting(
        Terminal terminal,
        Map<Partner, List<Introduction>> introductions,
        boolean all,
        Manner manner) {

    /// Says what would be done.
    void foretell() {
        introductions.forEach(
                (here, its) -> {
                    if (manner != Manner.RENEW) {
                        terminal.line("would: " + account(here));
                    }
                    its.forEach(introduction -> terminal.line("would: " + foretold(introduction)));
                });
    }

    private String foretold(Introduction introduction) {
        return isKept(introduction)
                ? kept(introduction)
                : "%s knows %s: new credential for %s"
                        .formatted(
                                introduction.here(),
                                introduction.peer(),
                                introduction.address().server());
    }

    /// Makes accounts, unless what is there is renewed, and credentials.
    ///
    /// @return whether everything is done
    boolean make() {
        var opened =
                manner == Manner.RENEW ? List.<Partner>of() : List.copyOf(introductions.keySet());
        var accounts = Few.each(opened, this::open);
        accounts.forEach(this::say);
        // One cluster's Secret is written by one thread.
        var steps = Few.each(List.copyOf(introductions.values()), this::introduce);
        steps.forEach(its -> its.forEach(this::say));
        terminal.note(
                "Pods pick it up within two minutes. Then: kubectl lockstep status "
                        + Quoted.contexts(
                                introductions.keySet().stream().map(Partner::context).toList()));
        return Stream.concat(accounts.stream(), steps.stream().flatMap(List::stream))
                .noneMatch(Step::failed);
    }

    private Step open(Partner partner) throws InterruptedException {
        var problem = Account.open(partner.api());
        return problem.isEmpty()
                ? Step.done(account(partner))
                : Step.failed("%s: no account: %s".formatted(partner, problem));
    }

    private List<Step> introduce(List<Introduction> introductions) throws InterruptedException {
        var steps = new ArrayList<Step>();
        for (var introduction : introductions) {
            steps.add(isKept(introduction) ? Step.done(kept(introduction)) : introduction.make());
        }
        introductions.stream()
                .findFirst()
                .ifPresent(each -> terminal.progress(each.here() + " has been told of its peers"));
        return steps;
    }

    private boolean isKept(Introduction introduction) {
        return !all && manner != Manner.REVOKE && introduction.kept(Instant.now()).isPresent();
    }

    private static String kept(Introduction introduction) {
        var now = Instant.now();
        return "%s knows %s: credential kept, valid until %s"
                .formatted(
                        introduction.here(),
                        introduction.peer(),
                        End.text(introduction.kept(now).orElse(now), now));
    }

    private static String account(Partner partner) {
        return "%s: account lockstep/%s, which may read policies, Cilium's settings and namespaces"
                .formatted(partner, Account.NAME);
    }

    private void say(Step step) {
        if (step.failed()) {
            terminal.note(step.text());
        } else {
            terminal.line(step.text());
        }
    }
}
