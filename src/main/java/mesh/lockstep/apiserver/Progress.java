package mesh.lockstep.apiserver;

import mesh.lockstep.apiserver.WatchEvent.Told;

/// How far we have followed a peer: the last resource version that it told.
///
/// API servers count them upwards in the order of changes, for each kind of resource, and send
/// events in that order; those of Kubernetes 1.35 and later promise it
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions). Versions that
/// are not numbers are not compared.
public record Progress(String resourceVersion) {

    public static final Progress NONE = new Progress("");

    private static final int LONGEST = 18;

    /// Whether what a listing shows is older than what we know.
    public boolean isBeyond(String listed) {
        return number(listed) >= 0 && number(resourceVersion) > number(listed);
    }

    /// Whether an event comes after later ones, so that some may be missing. The last event told
    /// twice is harmless, and so is every bookmark that repeats it.
    public boolean isBroken(Told told) {
        return isBeyond(told.object().path("metadata").path("resourceVersion").asText());
    }

    /// Or -1.
    private static long number(String version) {
        return !version.isEmpty()
                        && version.length() <= LONGEST
                        && version.chars().allMatch(number -> number >= '0' && number <= '9')
                ? Long.parseLong(version)
                : -1;
    }
}
