package mesh.lockstep.rollout;

import java.util.List;

/// A verdict and how it was reached.
///
/// @param remarks what the author should know besides
/// @param asked whether peers were read live; if not, memory was enough
public record Judgement(Verdict verdict, List<Remark> remarks, boolean asked) {

    /// For what does not concern us: admitted, with nothing to say.
    public static final Judgement EXEMPT = exempt(List.of());

    public Judgement {
        remarks = List.copyOf(remarks);
    }

    /// For what is compared with nobody: admitted.
    static Judgement exempt(List<Remark> remarks) {
        return new Judgement(new Verdict.Admitted(List.of()), remarks, false);
    }
}
