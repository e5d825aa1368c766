package mesh.lockstep.policy;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// A bug of ours that somebody's object triggered. It affects that object, and is told once for
/// each place in our code, without a word of the object: an exception's message may have some.
public final class Bug {

    private static final System.Logger LOG = System.getLogger(Bug.class.getName());
    private static final int MOST_TOLD = 100;
    private static final int FRAMES = 8;

    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    private Bug() {}

    /// Says it in the log.
    ///
    /// @param what could not be done, as "a policy is compared as it was sent"
    public static void tell(String what, Throwable fault) {
        var where =
                Arrays.stream(fault.getStackTrace())
                        .limit(FRAMES)
                        .map(StackTraceElement::toString)
                        .collect(Collectors.joining(" < "));
        var told =
                "%s, because of a bug in Lockstep: %s at %s"
                        .formatted(what, fault.getClass(), where);
        if (TOLD.size() < MOST_TOLD && TOLD.add(told)) {
            LOG.log(System.Logger.Level.ERROR, told);
        }
    }
}
