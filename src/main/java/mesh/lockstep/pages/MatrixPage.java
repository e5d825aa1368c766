package mesh.lockstep.pages;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mesh.lockstep.peers.PeerStatus;
import mesh.lockstep.policy.ClusterName;
import mesh.lockstep.rollout.Condition;
import mesh.lockstep.rollout.Sentence;
import mesh.lockstep.rollout.State;

/// The matrix of policies and members as it is shown: all texts, no decisions.
///
/// @param here this cluster's name
/// @param namespaces that have policies, to choose from
/// @param namespace that was chosen; empty for all
/// @param number of the policies that were asked for
/// @param unknown how many more are not known to differ or not; 0 where all were asked for
/// @param all link to everything
/// @param members of this page, the columns
/// @param policies the pages of policies
/// @param columns the pages of members
/// @param peers those that cannot be compared first
/// @param departures by which the same policy may behave differently in a peer
/// @param judged when all policies were last judged
public record MatrixPage(
        String here,
        List<Count> counts,
        List<String> namespaces,
        String namespace,
        boolean everything,
        int number,
        int unknown,
        String all,
        List<String> members,
        List<Row> rows,
        Pager policies,
        Pager columns,
        List<PeerRow> peers,
        List<DepartureTable> departures,
        String judged) {

    /// Wide enough for a screen, and few enough cells for any browser.
    static final int MEMBERS = 25;

    /// More names of members do not fit side by side.
    private static final int ROOMY = 8;

    public boolean isCrowded() {
        return members.size() > ROOMY;
    }

    /// How many peers cannot be compared.
    public long silent() {
        return peers.stream().filter(row -> !row.up()).count();
    }

    public record Count(Mark mark, int number) {}

    /// A policy.
    public record Row(
            String name,
            String namespace,
            String kind,
            String link,
            Mark mark,
            String since,
            List<Cell> cells) {}

    /// A policy's state with a member.
    ///
    /// @param link to the difference; empty where there is none to see
    public record Cell(Mark mark, String link, String title) {}

    /// A peer.
    ///
    /// @param reason why it cannot be compared, or what else is wrong; empty if nothing is
    public record PeerRow(
            String name, String state, String reason, boolean up, int policies, String heard) {}

    /// Where one is in a list that is shown in pieces.
    ///
    /// @param previous link, empty on the first page
    /// @param next link, empty on the last
    public record Pager(int number, int last, int matching, String previous, String next) {
        public boolean isNeeded() {
            return last > 1;
        }
    }

    static MatrixPage of(
            Overview overview,
            Selection selection,
            List<String> namespaces,
            int members,
            Instant now) {
        var names = membersOf(overview);
        var last = Math.max(1, Math.ceilDiv(names.size(), MEMBERS));
        var number = Math.clamp(members, 1, last);
        var shown = names.stream().skip((number - 1L) * MEMBERS).limit(MEMBERS).toList();
        var page = overview.page();
        var unknown = selection.everything() ? 0 : page.unknown();
        return new MatrixPage(
                overview.here(),
                counts(overview),
                namespaces,
                selection.namespace().orElse(""),
                selection.everything(),
                page.matching() - unknown,
                unknown,
                Links.matrix(new Selection(selection.namespace(), true, 1), 1, number),
                shown.stream().map(ClusterName::value).toList(),
                page.conditions().stream().map(condition -> row(condition, shown, now)).toList(),
                new Pager(
                        page.number(),
                        page.last(),
                        page.matching(),
                        page.number() > 1 ? Links.matrix(selection, page.number() - 1, number) : "",
                        page.number() < page.last()
                                ? Links.matrix(selection, page.number() + 1, number)
                                : ""),
                new Pager(
                        number,
                        last,
                        names.size(),
                        number > 1 ? Links.matrix(selection, page.number(), number - 1) : "",
                        number < last ? Links.matrix(selection, page.number(), number + 1) : ""),
                overview.peers().stream()
                        .sorted(Comparator.comparing(PeerStatus::up))
                        .map(status -> peer(status, now))
                        .toList(),
                overview.tables().stream().filter(table -> !table.isEmpty()).toList(),
                Ago.of(Optional.of(overview.lastFullPass()).filter(Instant.EPOCH::isBefore), now));
    }

    /// First those with which something on this page differs, then those that are silent.
    private static List<ClusterName> membersOf(Overview overview) {
        var worst = new HashMap<ClusterName, State>();
        for (var condition : overview.page().conditions()) {
            condition
                    .relations()
                    .forEach((peer, it) -> worst.merge(peer, it.state(), State::worse));
        }
        return overview.peers().stream()
                .map(PeerStatus::peer)
                .sorted(
                        Comparator.comparingInt(
                                name -> rank(worst.getOrDefault(name, State.EXEMPT))))
                .toList();
    }

    private static int rank(State state) {
        return state.differs() ? 0 : state == State.UNKNOWN ? 1 : 2;
    }

    private static List<Count> counts(Overview overview) {
        return Stream.of(State.values())
                .map(state -> new Count(Mark.of(state), overview.counts().getOrDefault(state, 0)))
                .toList();
    }

    private static Row row(Condition condition, List<ClusterName> members, Instant now) {
        var key = condition.key();
        return new Row(
                key.name(),
                key.namespace(),
                key.kind().kindName(),
                Links.policy(key, Optional.empty()),
                Mark.of(condition.state()),
                Ago.of(condition.firstSeen(), now),
                members.stream().map(name -> cell(condition, name, now)).toList());
    }

    private static Cell cell(Condition condition, ClusterName peer, Instant now) {
        var relation = condition.with(peer);
        if (relation.isEmpty()) {
            return new Cell(Mark.ABSENT, "", "neither has it");
        }
        var state = relation.get().state();
        return new Cell(
                Mark.of(state),
                state.differs() ? Links.policy(condition.key(), Optional.of(peer)) : "",
                Sentence.of(peer, relation.get())
                        + relation.get()
                                .firstSeen()
                                .map(instant -> ", " + Ago.of(Optional.of(instant), now))
                                .orElse(""));
    }

    private static PeerRow peer(PeerStatus status, Instant now) {
        return new PeerRow(
                status.peer().value(),
                status.standing().state(),
                status.reason(),
                status.up(),
                status.policies().values().stream().mapToInt(Integer::intValue).sum(),
                Ago.of(status.lastHeard(), now));
    }
}
