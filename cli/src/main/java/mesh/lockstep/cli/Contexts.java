package mesh.lockstep.cli;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The contexts of the user's own kubeconfig, in the files in which kubectl looks for them. What
/// several files have, counts as the first one has it.
final class Contexts {

    /// Names the files, of which there may be several.
    static final String VARIABLE = "KUBECONFIG";

    private final List<Config> files;
    private final SequencedMap<String, NamedContext> contexts = new LinkedHashMap<>();

    private Contexts(List<Config> files) {
        this.files = files;
        for (var file : files) {
            for (var context : file.getContexts()) {
                contexts.putIfAbsent(context.getName(), context);
            }
        }
    }

    /// Reads the files that the variable `KUBECONFIG` names, or else `~/.kube/config`; those that
    /// are not there are passed over.
    ///
    /// @throws Unusable if one cannot be read
    static Contexts read(Map<String, String> environment) throws Unusable {
        var files = new ArrayList<Config>();
        for (var file : files(environment)) {
            if (file.exists()) {
                files.add(parsed(file));
            }
        }
        return new Contexts(files);
    }

    private static List<File> files(Map<String, String> environment) {
        var named = environment.getOrDefault(VARIABLE, "");
        if (named.isEmpty()) {
            return List.of(Path.of(System.getProperty("user.home"), ".kube", "config").toFile());
        }
        return Arrays.stream(named.split(Pattern.quote(File.pathSeparator), -1))
                .filter(part -> !part.isEmpty())
                .map(File::new)
                .toList();
    }

    /// No message of the reader is passed on: it may have a piece of the file in it.
    private static Config parsed(File file) throws Unusable {
        try {
            return KubeConfigUtils.parseConfig(file);
        } catch (RuntimeException e) {
            throw new Unusable("the kubeconfig " + file + " cannot be read");
        }
    }

    List<String> names() {
        return List.copyOf(contexts.keySet());
    }

    /// The files, as [Connection] takes them.
    Config[] files() {
        return files.toArray(Config[]::new);
    }

    /// By which a context identifies itself; empty if it does not.
    Optional<AuthInfo> user(String context) {
        return files.stream()
                .flatMap(file -> file.getUsers().stream())
                .filter(info -> info.getName().equals(find(context).getUser()))
                .findFirst()
                .map(NamedAuthInfo::getUser);
    }

    /// Whether the API server has to show a certificate for another name than that of its address.
    boolean tlsServerName(String context) {
        return files.stream()
                .flatMap(file -> file.getClusters().stream())
                .filter(cluster -> cluster.getName().equals(find(context).getCluster()))
                .findFirst()
                .map(cluster -> cluster.getCluster().getTlsServerName())
                .filter(text -> !text.isEmpty())
                .isPresent();
    }

    private Context find(String name) {
        return Objects.requireNonNull(contexts.get(name)).getContext();
    }

    /// The namespace in which kubectl would look.
    String namespace() {
        return files.stream()
                .map(Config::getCurrentContext)
                .filter(text -> text != null && !text.isEmpty())
                .findFirst()
                .map(contexts::get)
                .map(context -> context.getContext().getNamespace())
                .filter(text -> !text.isEmpty())
                .orElse("default");
    }

    /// The contexts that somebody means, each once.
    ///
    /// @param patterns names, in which `*` is any text; none: all contexts
    /// @throws Unusable if one of them means none
    List<String> select(List<String> patterns) throws Unusable {
        if (contexts.isEmpty()) {
            throw new Unusable("there is no context: set KUBECONFIG, or see kubectl config");
        }
        var selected = new LinkedHashSet<String>();
        for (var pattern : patterns.isEmpty() ? List.of("*") : patterns) {
            var expression = expression(pattern);
            var found =
                    names().stream().filter(name -> expression.matcher(name).matches()).toList();
            if (found.isEmpty()) {
                throw new Unusable(
                        "no context is called %s; there are: %s"
                                .formatted(pattern, String.join(", ", names())));
            }
            selected.addAll(found);
        }
        return List.copyOf(selected);
    }

    private static Pattern expression(String pattern) {
        return Pattern.compile(
                Arrays.stream(pattern.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")));
    }
}
