package mesh.lockstep.admission;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.vigil.Aside;
import mesh.lockstep.vigil.Duty;
import mesh.lockstep.vigil.Heartbeat;
import mesh.lockstep.vigil.Vigil;

/// Reads files in PEM, and goes on reading them: what they hold now is served without a restart.
final class TlsFiles {

    /// A file that is there answers at once; one on a network that is gone, never.
    private static final Duration IN_TIME = Duration.ofSeconds(10);

    private static final Duration TURN = Duration.ofMinutes(1);

    /// A certificate and what leads to its CA have some KiB.
    private static final int MAX_BYTES = 1024 * 1024;

    private final String name;
    private final Duration every;
    private final Vigil vigil;
    private final Aside aside;

    /// What is done with them each time.
    interface Reading {
        void again() throws InterruptedException;
    }

    /// @param name of the thread that reads
    TlsFiles(String name, Duration every, Vigil vigil) {
        this.name = name;
        this.every = every;
        this.vigil = vigil;
        aside = new Aside(name);
    }

    byte[] read(Path file) throws IOException, TimeoutException, InterruptedException {
        return aside.within(IN_TIME, file, () -> content(file));
    }

    private static byte[] content(Path file) throws IOException {
        try (var content = Channels.newInputStream(FileChannel.open(file))) {
            return content.readNBytes(MAX_BYTES);
        }
    }

    /// From now on, for ever.
    void keepReading(Reading reading) {
        vigil.keep(Duty.CERTIFICATE, name, heartbeat -> keepReading(reading, heartbeat));
    }

    private void keepReading(Reading reading, Heartbeat heartbeat) throws InterruptedException {
        while (true) {
            var next = Deadline.in(every);
            while (!next.isPast()) {
                heartbeat.beat();
                Thread.sleep(next.left().compareTo(TURN) < 0 ? next.left() : TURN);
            }
            reading.again();
        }
    }
}
