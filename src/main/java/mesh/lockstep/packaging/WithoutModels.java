package mesh.lockstep.packaging;

import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.CombinedIndexBuildItem;
import io.quarkus.jackson.deployment.IgnoreJsonDeserializeClassBuildItem;
import org.jboss.jandex.ClassInfo;

/// Has Jackson not prepare for reading fabric8's models of all of Kubernetes' objects: they would
/// be a third of an executable, and what we read of them are trees.
class WithoutModels {

    private static final String MODELS = "io.fabric8.kubernetes.api.model";

    @BuildStep
    void leaveOut(
            CombinedIndexBuildItem index,
            BuildProducer<IgnoreJsonDeserializeClassBuildItem> leftOut) {
        var models =
                index.getIndex().getKnownClasses().stream()
                        .map(ClassInfo::name)
                        .filter(name -> name.toString().startsWith(MODELS))
                        .toList();
        leftOut.produce(new IgnoreJsonDeserializeClassBuildItem(models));
    }
}
