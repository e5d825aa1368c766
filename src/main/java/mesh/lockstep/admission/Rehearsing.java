package mesh.lockstep.admission;

import java.time.Duration;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Work;

/// As long as a change that nobody made is judged in time now and then, so are others: a machine
/// that is only busy keeps going. It does not go through the port: anyone who occupies that could
/// have us restarted.
///
/// @param rehearsal judges
/// @param every how often
/// @param inTime as long as the API server waits
record Rehearsing(Runnable rehearsal, Duration every, Duration inTime) implements Work {

    @Override
    public void run(Heartbeat heartbeat) throws InterruptedException {
        while (true) {
            // Waking up late counts as well: then every carrier thread is occupied.
            var deadline = Deadline.in(every.plus(inTime));
            Thread.sleep(every);
            rehearsal.run();
            if (!deadline.isPast()) {
                heartbeat.beat();
            }
        }
    }
}
