package mesh.lockstep.beside;

import java.nio.file.Files;
import java.nio.file.Path;

/// A webhook that can be measured.
///
/// @param name also of the namespace whose policies it judges
/// @param program that has to be there
/// @param advice how to get it
/// @param path of its address, with the first letter `/`
/// @param judges whether it refuses anything
/// @param start starts its process, without waiting
record Webhook(String name, Path program, String advice, String path, boolean judges, Start start) {

    /// Starts the process.
    interface Start {
        Running begin();
    }

    boolean isBuilt() {
        return Files.exists(program);
    }
}
