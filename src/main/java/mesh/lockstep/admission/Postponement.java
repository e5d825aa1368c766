package mesh.lockstep.admission;

import mesh.lockstep.rollout.Enforcement;
import mesh.lockstep.rollout.Scope;

/// Answers a review that has arrived as a whole, and for which there is no place or no memory. The
/// API server would take an HTTP 429 of our own for an outage, and admit: anyone who keeps us busy
/// could get in what would be refused. So what might be refused is deferred, and everything else
/// admitted.
///
/// @param ofCluster the label of a namespace is not looked at
public record Postponement(
        AdmissionReader reader, AdmissionWriter writer, Scope scope, Enforcement ofCluster) {

    /// @throws UnreadableReviewException if it cannot even be read what the review is about
    byte[] answer(byte[] review) throws UnreadableReviewException {
        var head = reader.head(review);
        var judged = head.key().filter(scope::has);
        if (judged.filter(_ -> mayBeRefused(head)).isPresent()) {
            return writer.writePutOff(head.uid(), judged.get());
        }
        return writer.writeUnjudged(head.uid(), judged.map(Wording::unjudged));
    }

    private boolean mayBeRefused(AdmissionReader.Head head) {
        return switch (ofCluster.level()) {
            case STRICT, DENY ->
                    head.groups().stream().noneMatch(ofCluster.overrideGroups()::contains);
            case WARN, AUDIT -> false;
        };
    }
}
