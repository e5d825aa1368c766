package mesh.lockstep.pages;

import java.util.Locale;
import mesh.lockstep.rollout.State;

/// How a state looks: a shape, a word and a colour, each of which tells it from the others.
///
/// @param style of the style sheet
public record Mark(String shape, String word, String style) {

    /// For a policy that neither of the two has.
    static final Mark ABSENT = new Mark("·", "absent", "absent");

    static Mark of(State state) {
        var shape =
                switch (state) {
                    case DIVERGED -> "◆";
                    case MISSING_HERE -> "▼";
                    case MISSING_THERE -> "▲";
                    case ROLLING_OUT -> "◐";
                    case UNKNOWN -> "?";
                    case IN_SYNC -> "●";
                    case EXEMPT -> "–";
                };
        return new Mark(shape, state.word(), state.word().toLowerCase(Locale.ROOT));
    }
}
