package mesh.lockstep.support;

import mesh.lockstep.policy.PolicyKey;
import mesh.lockstep.rollout.Change;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.History;

/// What a test says was seen, of whatever policy.
public record FakeHistories(History history) implements Histories {

    @Override
    public History recall(PolicyKey key) {
        return history;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void admitted(Change change) {
        // The outcome does not matter here.
    }
}
