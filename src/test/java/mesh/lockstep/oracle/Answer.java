package mesh.lockstep.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;

/// What the oracle says of a pair.
///
/// @param reason why it says so: the flow that differs, or what refuses a policy; may be empty
/// @param enforced whether the API server stores both, even if Cilium refuses one
/// @param pruned whether the API server drops a field of one that it does not know
record Answer(Verdict verdict, String reason, boolean enforced, boolean pruned) {

    /// The oracle's words (mesh/oracle/main.go).
    enum Verdict {
        SAME("same"),
        DIFFERENT("different"),
        SAME_FLOWS("same-flows"),
        A_INVALID("a-invalid"),
        B_INVALID("b-invalid"),
        BOTH_INVALID("both-invalid");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        static Verdict of(String word) {
            return Arrays.stream(values())
                    .filter(it -> it.word.equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no verdict: " + word));
        }
    }

    /// Reads a line of the oracle.
    static Answer of(JsonNode line) {
        if (line.has("error")) {
            throw new IllegalStateException(line.path("error").asText());
        }
        var a = line.path("a");
        var b = line.path("b");
        return new Answer(
                Verdict.of(line.path("verdict").asText()),
                line.path("flowDiff").asText() + fault(a) + fault(b),
                !a.has("crdError") && !b.has("crdError"),
                a.has("pruned") || b.has("pruned"));
    }

    private static String fault(JsonNode side) {
        return side.path("crdError").asText() + side.path("parseError").asText();
    }

    /// How our own word on the pair fits this one.
    Outcome against(boolean same) {
        return switch (verdict) {
            case SAME ->
                    same
                            ? Outcome.AGREEMENT
                            : pruned ? Outcome.UNKNOWN_FIELD : Outcome.FALSE_DIFFERENCE;
            case DIFFERENT -> same ? Outcome.FALSE_SAMENESS : Outcome.AGREEMENT;
            case SAME_FLOWS -> same ? Outcome.BEYOND : Outcome.REDUNDANCY;
            case A_INVALID, B_INVALID -> same && enforced ? Outcome.HALF_INVALID : Outcome.INVALID;
            case BOTH_INVALID -> Outcome.INVALID;
        };
    }

    /// How two words on a pair fit.
    enum Outcome {
        /// Both say the same, or both different.
        AGREEMENT("agreements", false),
        /// No flow differs, the normal forms do, and we say different: one rule covers another.
        REDUNDANCY("same flows, said different", false),
        /// As before, but we say same: our normal form is coarser, and no flow contradicts it.
        BEYOND("same flows, said same", false),
        /// Cilium makes the same of both, and we compare a part as written, where it often does
        /// not: rules whose filters it joins (docs/equality.md).
        AS_WRITTEN("compared as written, said different", false),
        /// One has a field that this version of Cilium does not know, which we take for a
        /// difference.
        UNKNOWN_FIELD("unknown fields", false),
        /// At least one is refused: no meanings to compare.
        INVALID("invalid", false),
        /// Cilium refuses one of the two, and enforces something else in its place: not the same.
        HALF_INVALID("refused by Cilium and said same", true),
        FALSE_DIFFERENCE("false differences", true),
        FALSE_SAMENESS("false samenesses", true);

        private final String words;
        private final boolean disagreement;

        Outcome(String words, boolean disagreement) {
            this.words = words;
            this.disagreement = disagreement;
        }

        String words() {
            return words;
        }

        boolean disagreement() {
            return disagreement;
        }
    }
}
