package mesh.lockstep.packaging;

import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.Produce;
import io.quarkus.deployment.builditem.BytecodeTransformerBuildItem;
import io.quarkus.deployment.builditem.MainBytecodeRecorderBuildItem;
import io.quarkus.deployment.builditem.StaticBytecodeRecorderBuildItem;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jboss.threads.EnhancedQueueExecutor;

/// Has a build with one thread, whose steps draw the same numbers each time, go on with more as
/// soon as all is recorded. Later steps wait for tasks that they give to the same executor: with
/// one thread, for ever.
class OneAfterTheOther {

    private static final int THREADS = 2;

    /// @param statically recorded before, as is `atStart`
    @BuildStep
    @Produce(BytecodeTransformerBuildItem.class)
    void goOnWithMore(
            List<StaticBytecodeRecorderBuildItem> statically,
            List<MainBytecodeRecorderBuildItem> atStart,
            ExecutorService executor) {
        if (executor instanceof EnhancedQueueExecutor threads
                && threads.getMaximumPoolSize() < THREADS) {
            threads.setMaximumPoolSize(THREADS);
            threads.setCorePoolSize(THREADS);
        }
    }
}
