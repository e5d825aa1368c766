package mesh.lockstep.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import mesh.lockstep.cli.Introduction.Manner;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.policy.Names;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Introduces the members of a mesh to each other.
@Command(
        name = "connect",
        description = {
            "Introduces the clusters of these contexts to each other. In each, makes an account that may read Cilium's"
                    + " policies, CIDR groups and settings, and namespaces, and nothing more; each of the others gets"
                    + " its own token for it, in the Secret lockstep-peers. Running webhooks pick it up within two"
                    + " minutes.",
            "Only what is new, or has less than a third of its lifetime left, is made: it is safe to repeat. Everything"
                    + " is checked before anything is changed; a cluster that cannot be read, or lacks a right, is"
                    + " left out.",
            "Exit codes: 0 done, 2 something is left to do: repeat it."
        })
final class ConnectCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin private MemberOptions members = new MemberOptions();

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = Lifetime.Reader.class,
            description =
                    "How long a token is to be valid, as 90d, 2160h or 30m; the API server may grant less. By default"
                            + " 90d.")
    private Lifetime lifetime = Lifetime.DEFAULT;

    @Option(
            names = "--all",
            description = "Replace all tokens; the old ones stay valid until they expire.")
    private boolean all;

    @Option(
            names = "--revoke",
            description =
                    "Replace all tokens, and revoke the old ones at once: peers are Unknown until the new ones have"
                            + " reached the pods, two minutes at most.")
    private boolean revoke;

    @Option(
            names = "--renew",
            description =
                    "Only replace tokens that clusters have for each other, where little of their lifetime is left:"
                            + " nobody is introduced, no account is made, addresses stay as they are known. It takes"
                            + " fewer rights: for jobs that run by themselves.")
    private boolean renew;

    @Option(
            names = "--replace",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Member NAME may be a different cluster than the one known under this name, or have moved.")
    private Set<String> replaced = new HashSet<>();

    @Option(
            names = "--server",
            paramLabel = "CONTEXT=URL",
            description =
                    "A cluster's API server, as the others' pods reach it. By default as in your kubeconfig.")
    private Map<String, String> servers = new LinkedHashMap<>();

    @Option(
            names = "--ca",
            paramLabel = "CONTEXT=FILE",
            description =
                    "The CA of that server's certificate, PEM. By default as in your kubeconfig.")
    private Map<String, String> authorities = new LinkedHashMap<>();

    ConnectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Unusable {
        var found = members.contexts();
        var selected = members.selected(found);
        MemberOptions.requireSelected("--server", servers, selected);
        MemberOptions.requireSelected("--ca", authorities, selected);
        if (renew
                && !(servers.isEmpty() && authorities.isEmpty() && replaced.isEmpty() && !revoke)) {
            throw new Unusable("--renew excludes --revoke, --replace, --server and --ca");
        }
        terminal.progress("Asking " + Names.first(selected, ", ") + " …");
        var rights = renew ? new Rights.OfRenewal() : (Gathering.Condition) Rights::require;
        var gathered = Gathering.of(selected, new Connection(found), members, rights);
        var undone = new ArrayList<>(gathered.leftOut());
        gathered.leftOut().forEach(terminal::note);
        if (gathered.partners().size() < 2) {
            throw new Unusable(
                    "nothing to connect: %d of %d clusters can be changed"
                            .formatted(gathered.partners().size(), selected.size()));
        }
        var connecting = renew ? renewing(gathered, undone) : introducing(gathered);
        if (members.isDryRun()) {
            connecting.foretell();
        }
        var done = members.isDryRun() || connecting.make();
        if (!done || !undone.isEmpty()) {
            terminal.note("not everything is done, see above: repeat it");
            return ExitCode.ERROR;
        }
        return ExitCode.SAME;
    }

    private Connecting renewing(Gathering gathered, List<String> undone) {
        var renewal = Renewal.of(gathered.partners(), lifetime.time());
        renewal.problems().forEach(terminal::note);
        undone.addAll(renewal.problems());
        return new Connecting(terminal, renewal.introductions(), all, Manner.RENEW);
    }

    private Connecting introducing(Gathering gathered) throws Unusable {
        var addresses = addresses(gathered.partners());
        new Acquaintance(gathered.partners(), addresses).require(replaced);
        var manner = revoke ? Manner.REVOKE : Manner.NEW;
        return new Connecting(
                terminal, introductions(gathered.partners(), addresses, manner), all, manner);
    }

    private Map<ClusterName, Address> addresses(List<Partner> partners) throws Unusable {
        var addresses = new LinkedHashMap<ClusterName, Address>();
        for (var partner : partners) {
            var context = partner.context();
            var address =
                    Address.of(
                            context,
                            partner.api().config(),
                            servers.getOrDefault(context, ""),
                            authorities.getOrDefault(context, ""));
            if (address.isLoopback()) {
                terminal.note(
                        "%s is %s, which only this machine can reach. Pods elsewhere need --server %s=URL"
                                .formatted(context, address.server(), Quoted.of(context)));
            }
            addresses.put(partner.name(), address);
        }
        return addresses;
    }

    /// Of each cluster, all others.
    private Map<Partner, List<Introduction>> introductions(
            List<Partner> partners, Map<ClusterName, Address> addresses, Manner manner) {
        var introductions = new LinkedHashMap<Partner, List<Introduction>>();
        for (var here : partners) {
            var its = new ArrayList<Introduction>();
            for (var peer : partners) {
                var address = addresses.get(peer.name());
                if (!here.equals(peer) && address != null) {
                    its.add(new Introduction(here, peer, address, lifetime.time(), manner));
                }
            }
            introductions.put(here, its);
        }
        return introductions;
    }
}
