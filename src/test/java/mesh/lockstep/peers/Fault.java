package mesh.lockstep.peers;

import java.time.Duration;
import mesh.lockstep.kubeconfig.Kubeconfigs;
import mesh.lockstep.support.Wire.Condition;

/// What may go wrong with a peer. The marked ones leave it in doubt until they are over; with the
/// others it is still followed, after a moment.
enum Fault {
    DOWN_AT_START(true) {
        @Override
        void before(StubMember member) {
            member.wire().become(Condition.DOWN);
        }
    },
    UNANSWERED_AT_START(true) {
        @Override
        void before(StubMember member) {
            member.wire().become(Condition.UNANSWERED);
        }
    },
    UNKNOWN_HOST_NAME(true) {
        @Override
        void before(StubMember member) {
            member.edit(member.address(), "nowhere.invalid:6443");
        }

        @Override
        void end(StubMember member) {
            member.edit("nowhere.invalid:6443", member.address());
        }
    },
    DOWN_LATER(true) {
        @Override
        void begin(StubMember member) {
            member.wire().become(Condition.DOWN);
        }
    },
    BLACK_HOLE(true) {
        @Override
        void begin(StubMember member) {
            member.wire().become(Condition.BLACK_HOLE);
        }
    },
    UNANSWERED(true) {
        @Override
        void begin(StubMember member) {
            member.wire().become(Condition.UNANSWERED);
        }
    },
    RESET(true) {
        @Override
        void begin(StubMember member) {
            member.wire().become(Condition.RESETTING);
        }
    },
    ONE_BYTE_A_SECOND(true) {
        @Override
        void begin(StubMember member) {
            member.wire().become(Condition.DRIPPING);
        }
    },
    FIVE_SECONDS_LATE(true) {
        @Override
        void begin(StubMember member) {
            member.wire().become(Condition.LATE);
        }
    },
    HALF_OPEN_WATCH(false) {
        @Override
        void begin(StubMember member) {
            member.wire().freeze();
            change(member);
        }

        @Override
        void end(StubMember member) {
            member.wire().thaw();
        }
    },
    STORM_OF_410(false) {
        @Override
        void begin(StubMember member) {
            member.server().answer("watch", 410);
            change(member);
            member.server().breakWatches();
        }

        @Override
        void end(StubMember member) {
            member.server().answerAsUsual("watch");
        }
    },
    TOO_BUSY(true) {
        @Override
        void begin(StubMember member) {
            member.server().answerBusy("watch", 1);
            member.server().breakWatches();
        }

        @Override
        void end(StubMember member) {
            member.server().answerAsUsual("watch");
        }
    },
    UNAUTHORIZED(true) {
        @Override
        void begin(StubMember member) {
            refuse(member, 401);
        }

        @Override
        void end(StubMember member) {
            grant(member);
        }
    },
    FORBIDDEN(true) {
        @Override
        void begin(StubMember member) {
            refuse(member, 403);
        }

        @Override
        void end(StubMember member) {
            grant(member);
        }
    },
    EXPIRED_CERTIFICATE(true) {
        @Override
        void begin(StubMember member) {
            member.server().certify(StubMember.AUTHORITY.issueExpiredFor("127.0.0.1"));
        }

        @Override
        void end(StubMember member) {
            member.server().certify(StubMember.AUTHORITY.issueFor("127.0.0.1"));
        }
    },
    ROTATED_TOKEN(true) {
        @Override
        void begin(StubMember member) {
            member.server().token("rotated");
            member.server().breakWatches();
        }

        @Override
        void end(StubMember member) {
            member.edit(Kubeconfigs.TOKEN, "rotated");
        }
    },
    ANOTHER_CLUSTER(true) {
        @Override
        void begin(StubMember member) {
            member.policies()
                    .putUntold(PLURAL, KEY, "{\"ingress\":[{\"fromEntities\":[\"world\"]}]}");
            member.server().uid("another");
        }

        @Override
        void end(StubMember member) {
            member.policies().put(PLURAL, KEY, ONE);
            member.server().uid(member.uid());
        }
    },
    OLD_RESOURCE_VERSIONS(true) {
        @Override
        void begin(StubMember member) {
            member.policies().inThePast(true);
            member.server().answer("watch", 410);
            member.server().breakWatches();
        }

        @Override
        void end(StubMember member) {
            member.policies().inThePast(false);
            member.server().answerAsUsual("watch");
        }
    },
    DUPLICATE_EVENTS(false) {
        @Override
        void begin(StubMember member) {
            member.policies().twice(true);
            change(member);
        }

        @Override
        void end(StubMember member) {
            member.policies().twice(false);
        }
    },
    LOST_EVENTS(false) {
        @Override
        void begin(StubMember member) {
            member.policies().putUntold(PLURAL, KEY, THREE);
        }
    },
    EVENTS_OUT_OF_ORDER(false) {
        @Override
        void begin(StubMember member) {
            member.policies().putSwapped(PLURAL, KEY, "default/other", THREE);
        }
    },
    PAGES_THAT_EXPIRE(true) {
        @Override
        void begin(StubMember member) {
            member.policies().putUntold(PLURAL, "default/another", ONE);
            member.server().pageSize(1);
            member.server().pagesExpire(true);
            member.policies().forget();
            member.server().breakWatches();
        }

        @Override
        void end(StubMember member) {
            member.server().pagesExpire(false);
        }
    },
    FLAPPING(true) {
        @Override
        void begin(StubMember member) {
            member.flapping(true);
            Thread.ofVirtual().name("flapping-" + member.name()).start(() -> flap(member));
        }

        @Override
        void end(StubMember member) {
            member.flapping(false);
            member.wire().become(Condition.GOOD);
        }
    };

    static final String PLURAL = "ciliumnetworkpolicies";
    static final String KEY = "default/a";
    static final String ONE = "{\"ingress\":[]}";
    static final String TWO = "{\"ingress\":[{}]}";
    static final String THREE = "{\"egress\":[]}";

    private final boolean leavesInDoubt;

    Fault(boolean leavesInDoubt) {
        this.leavesInDoubt = leavesInDoubt;
    }

    boolean leavesInDoubt() {
        return leavesInDoubt;
    }

    boolean isThereFromTheStart() {
        return this == DOWN_AT_START || this == UNANSWERED_AT_START || this == UNKNOWN_HOST_NAME;
    }

    /// Whether [#THREE] is what the peer holds from then on.
    boolean changesThePolicy() {
        return !leavesInDoubt;
    }

    void before(StubMember member) {}

    void begin(StubMember member) {}

    void end(StubMember member) {
        member.wire().become(Condition.GOOD);
    }

    private static void change(StubMember member) {
        member.policies().put(PLURAL, KEY, THREE);
    }

    private static void refuse(StubMember member, int code) {
        for (var verb : new String[] {"list", "watch", "get"}) {
            member.server().answer(verb, code);
        }
        member.server().breakWatches();
    }

    private static void grant(StubMember member) {
        for (var verb : new String[] {"list", "watch", "get"}) {
            member.server().answerAsUsual(verb);
        }
    }

    private static void flap(StubMember member) {
        try {
            while (member.flapping()) {
                member.wire().become(Condition.DOWN);
                Thread.sleep(Duration.ofSeconds(1));
                if (member.flapping()) {
                    member.wire().become(Condition.GOOD);
                    Thread.sleep(Duration.ofSeconds(1));
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
