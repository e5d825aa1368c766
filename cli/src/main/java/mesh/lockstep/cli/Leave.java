package mesh.lockstep.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import mesh.lockstep.policy.ClusterName;

/// How one cluster takes leave of another: it forgets it, and revokes its token.
///
/// @param here the cluster that forgets
/// @param gone the name of the one that is forgotten
record Leave(Partner here, ClusterName gone) {

    /// Whether there is anything to forget or to revoke.
    boolean isDue() {
        return here.known().containsKey(gone.value())
                || here.markers().containsKey(Introduction.marker(gone.value()));
    }

    String text() {
        return "%s forgets %s, and revokes its token".formatted(here.name(), gone);
    }

    /// Begins with what keeps the other one out, and does all that can be done.
    Step take() throws InterruptedException {
        var problems = new ArrayList<String>();
        var revoked = here.api().delete(Introductions.SECRETS + Introduction.marker(gone.value()));
        note(problems, "its token is still good", Partner.problem(revoked, "delete", "secrets"));
        if (here.known().containsKey(gone.value())) {
            var change = JsonNodeFactory.instance.objectNode();
            change.putObject("data").putNull(gone.value());
            var forgotten = here.api().patch(Introductions.SECRETS + Introductions.SECRET, change);
            note(problems, "it is not forgotten", Partner.problem(forgotten, "patch", "secrets"));
        }
        return problems.isEmpty()
                ? Step.done(text())
                : Step.failed(
                        "%s and %s: %s".formatted(here.name(), gone, String.join("; ", problems)));
    }

    private static void note(List<String> problems, String what, String problem) {
        if (!problem.isEmpty()) {
            problems.add(what + ": " + problem);
        }
    }

    /// Whether there is an account that nobody uses, as after a removal that was not completed.
    static boolean isIdle(Partner partner) {
        return partner.markers().isEmpty() && !partner.account().isEmpty();
    }

    /// Removes what nobody uses any more: the account without a token for anybody, the Secret
    /// without a peer.
    static List<Step> sweep(Partner partner) throws InterruptedException {
        var steps = new ArrayList<Step>();
        try {
            if (!partner.account().isEmpty() && Partner.markers(partner.api()).isEmpty()) {
                var problem = Account.close(partner.api());
                steps.add(
                        problem.isEmpty()
                                ? Step.done(
                                        partner + ": nobody has a token any more, account removed")
                                : Step.failed(partner + ": account not removed: " + problem));
            }
            if (Introductions.read(partner.api()) instanceof Introductions.Known(var files)
                    && files.isEmpty()) {
                var answer = partner.api().delete(Introductions.SECRETS + Introductions.SECRET);
                var problem = Partner.problem(answer, "delete", "secrets");
                if (!problem.isEmpty()) {
                    steps.add(Step.failed(partner + ": empty Secret not removed: " + problem));
                }
            }
        } catch (Unusable e) {
            steps.add(Step.failed(partner + ": account not looked at: " + e.getMessage()));
        }
        return steps;
    }
}
