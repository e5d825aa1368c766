package mesh.lockstep.admission;

/// The request is no AdmissionReview that can be answered. Ends as HTTP 400; the API server then
/// acts on the webhook's `failurePolicy`.
public final class UnreadableReviewException extends Exception {

    private static final long serialVersionUID = 1L;

    public UnreadableReviewException(String problem) {
        super(problem);
    }
}
