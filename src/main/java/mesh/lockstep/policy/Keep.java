package mesh.lockstep.policy;

import java.util.HashMap;
import java.util.Map;

/// What of a JSON value is kept while it is read. The rest is passed over, and costs no memory.
public sealed interface Keep {

    /// All of it, within [StrictJson#MAX_REST].
    Keep WHOLE = new Whole();

    /// A policy's rules, as a tree or, where that would be too large, as [Oversize].
    Keep RULES = new Rules();

    /// What is compared of a policy, and its identity. Its status and `managedFields`, which nobody
    /// reads here, are often the larger part.
    Only POLICY = only().and("metadata", metadata()).and("spec", RULES).and("specs", RULES);

    /// The same of a policy that a member has, with whether its Cilium calls it valid.
    Only HELD_POLICY = POLICY.and("status", only().and("conditions", new Each(10, condition())));

    record Whole() implements Keep {}

    record Rules() implements Keep {}

    /// Of a list the first elements, of each no more than this. What is not a list is passed over.
    record Each(int most, Only element) implements Keep {}

    /// The beginning of a text. What is not a text is passed over.
    ///
    /// @param most characters
    record Beginning(int most) implements Keep {}

    /// Only these fields of an object. What is not an object is kept whole, so that it can be said
    /// what is wrong with it.
    record Only(Map<String, Keep> fields) implements Keep {
        public Only {
            fields = Map.copyOf(fields);
        }

        /// These and another one.
        public Only and(String field, Keep keep) {
            var more = new HashMap<>(fields);
            more.put(field, keep);
            return new Only(more);
        }
    }

    private static Keep metadata() {
        return only("name", "namespace", "resourceVersion", "deletionTimestamp")
                .and("labels", only(Intent.KIND, Intent.PARENT))
                .and("annotations", only(Intent.REVISION, Intent.MEMBERS, Intent.RELATIVE));
    }

    private static Only condition() {
        return only().and("type", new Beginning(10))
                .and("status", new Beginning(10))
                .and("message", new Beginning(400));
    }

    /// Only these fields of an object, whole.
    static Only only(String... fields) {
        var whole = new HashMap<String, Keep>();
        for (var field : fields) {
            whole.put(field, WHOLE);
        }
        return new Only(whole);
    }
}
