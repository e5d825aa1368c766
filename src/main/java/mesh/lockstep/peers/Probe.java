package mesh.lockstep.peers;

import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Work;

/// Looks after a peer: a small question every now and then keeps the connection for live reads warm
/// and finds out when another cluster answers, or when one that was silent is there again. In its
/// wake is read what changes seldom.
record Probe(PeerReads reads, FactsReading facts, Validity validity, Pace pace) implements Work {

    @Override
    public void run(Heartbeat heartbeat) throws InterruptedException {
        var backoff = pace.backoff();
        Thread.sleep(Chance.upTo(pace.probe()));
        while (true) {
            heartbeat.beat();
            if (reads.lookAfter(pace.probe())) {
                facts.keepUp();
                validity.keepUp();
            }
            if (reads.areHeldBack()) {
                backoff.pause();
            } else {
                backoff.reset();
                reads.awaitHoldingBack(pace.probe());
            }
        }
    }
}
