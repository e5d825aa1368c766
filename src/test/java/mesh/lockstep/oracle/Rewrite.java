package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// One way to rewrite a policy that is meant to keep its meaning. Whether it does is for the oracle
/// to say.
///
/// @param name for reports
record Rewrite(String name, Step step) {

    /// Changes the policy in place, and says whether there was something to change.
    @FunctionalInterface
    interface Step {
        boolean apply(ObjectNode policy, Dice dice);
    }

    boolean apply(ObjectNode policy, Dice dice) {
        return step.apply(policy, dice);
    }
}
