package mesh.lockstep.kubeconfig;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import mesh.lockstep.kubeconfig.Kubeconfig.Refusal;
import org.jspecify.annotations.Nullable;

/// A mapping of a YAML file and its place, so that a refusal can name the field.
///
/// @param path empty for the whole file, else like `users[0].user`
record YamlMap(String path, Map<?, ?> fields) {

    /// A name that can be shown: a token pasted into the place of a field's name is not.
    private static final Pattern SHOWABLE = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,39}");

    static YamlMap of(String path, @Nullable Object node) throws Refusal {
        if (node instanceof Map<?, ?> fields) {
            return new YamlMap(path, fields);
        }
        throw new Refusal((path.isEmpty() ? "the file" : path) + " is not a mapping");
    }

    String path(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    boolean has(String field) {
        return fields.containsKey(field);
    }

    void allow(Set<String> names) throws Refusal {
        for (var name : fields.keySet()) {
            if (name instanceof String text && names.contains(text)) {
                continue;
            }
            throw new Refusal(
                    name instanceof String text && SHOWABLE.matcher(text).matches()
                            ? path(text) + " is not allowed"
                            : (path.isEmpty() ? "the file" : path)
                                    + " has a field that is not allowed");
        }
    }

    YamlMap map(String field) throws Refusal {
        return of(path(field), present(field));
    }

    /// The one element of a list.
    YamlMap only(String field) throws Refusal {
        if (!(present(field) instanceof List<?> list)) {
            throw new Refusal(path(field) + " is not a list");
        }
        if (list.size() != 1) {
            throw new Refusal(
                    path(field) + " has " + list.size() + " entries: only one is allowed");
        }
        return of(path(field) + "[0]", list.getFirst());
    }

    String text(String field) throws Refusal {
        if (present(field) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw new Refusal(path(field) + " is not a string");
    }

    /// Where the field is there, it says this.
    void expect(String field, String text) throws Refusal {
        if (has(field) && !text(field).equals(text)) {
            throw new Refusal(path(field) + " is not " + text);
        }
    }

    /// The field says the name of that entry.
    void expectNamed(String field, String name, String entry) throws Refusal {
        if (!text(field).equals(name)) {
            throw new Refusal(path(field) + " is not the name of " + entry);
        }
    }

    private Object present(String field) throws Refusal {
        var value = fields.get(field);
        if (value == null) {
            throw new Refusal(path(field) + " is missing");
        }
        return value;
    }
}
