package mesh.lockstep.pages;

/// The answer to a request for the page of a policy.
sealed interface PolicyAnswer {

    /// The page.
    record Page(String html) implements PolicyAnswer {}

    /// No member is known to have it.
    record Nowhere() implements PolicyAnswer {}

    /// As many others are compared as may be at once.
    record Crowded() implements PolicyAnswer {}
}
