package mesh.lockstep.policy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What policies mean that were read lately. The members of a mesh hold the same policies, and with
/// each change comes what was there before it: most of what is read was read already.
///
/// Of each, two digests are kept, of what it says and of what it means. What is compared as written
/// is read each time: it may have been too much for one reading.
///
/// Any number of threads ask.
public final class Meanings {

    /// Remembers nothing.
    public static final Meanings NONE = new Meanings(0);

    /// Policies, in 2.5 MB.
    private static final int MOST = 10_000;

    private final int most;
    private final Map<Digest, Digest> known;

    public Meanings() {
        this(MOST);
    }

    /// @param most policies that are remembered
    Meanings(int most) {
        this.most = most;
        this.known =
                new LinkedHashMap<>(16, 0.75f, true) {

                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(
                            Map.@Nullable Entry<Digest, Digest> eldest) {
                        return size() > most;
                    }
                };
    }

    /// What a policy's rules mean. They are read if that is not known; otherwise, if ever, when
    /// somebody asks for the statements.
    ///
    /// @param reader all that their meaning depends on besides
    public Meaning of(String reader, Spec spec) {
        if (most == 0) {
            return spec.meaning();
        }
        var said = said(reader, spec);
        var remembered = find(said);
        if (remembered.isPresent()) {
            return Meaning.remembered(remembered.get(), spec::meaning);
        }
        var meaning = spec.meaning();
        if (meaning.asWritten().isEmpty()) {
            remember(said, meaning.digest());
        }
        return meaning;
    }

    private static Digest said(String reader, Spec spec) {
        var all = JsonNodeFactory.instance.arrayNode().add(reader);
        spec.trees().forEach(all::add);
        return TokenDigest.of(all);
    }

    private Optional<Digest> find(Digest said) {
        synchronized (known) {
            return Optional.ofNullable(known.get(said));
        }
    }

    private void remember(Digest said, Digest meant) {
        synchronized (known) {
            known.put(said, meant);
        }
    }
}
