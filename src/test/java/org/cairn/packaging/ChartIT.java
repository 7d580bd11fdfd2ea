package org.cairn.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the chart renders, accepted or refused by Kubernetes itself. */
@Tag("conformance")
class ChartIT {

  private static final String NAMESPACE = "there";

  private static KubernetesApiServer kubernetes;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    kubernetes = KubernetesApiServer.start(folder);
    var namespace =
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(NAMESPACE)
            .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
            .endMetadata()
            .build();
    kubernetes.client().resource(namespace).create();
  }

  @AfterAll
  static void stop() {
    kubernetes.close();
  }

  static List<String> valueFiles() {
    return Chart.valueFiles();
  }

  /** As {@code kubectl create --dry-run=server --validate=strict} does. */
  private static HasMetadata submit(HasMetadata object) {
    return kubernetes
        .client()
        .resource(object)
        .inNamespace(NAMESPACE)
        .dryRun()
        .fieldValidation(FieldValidateable.Validation.STRICT)
        .create();
  }

  private static Pod pod(PodSpec spec) {
    return new PodBuilder().withNewMetadata().withName("pod").endMetadata().withSpec(spec).build();
  }

  @ParameterizedTest
  @MethodSource("valueFiles")
  void isAccepted(String values) {
    var chart = Chart.render(values);
    assertThat(chart.objects()).isNotEmpty();
    for (var object : chart.objects()) {
      assertThat(submit(object).getMetadata().getUid()).as(object.getKind()).isNotBlank();
    }
    for (var pod : chart.pods()) {
      assertThat(submit(pod(pod)).getMetadata().getUid()).as("restricted pod").isNotBlank();
    }
  }

  @Test
  void aMissingFieldIsRefused() {
    var deployment = Chart.render("minimal").one(Deployment.class);
    deployment.getSpec().setSelector(null);
    assertThatThrownBy(() -> submit(deployment)).hasMessageContaining("spec.selector: Required");
  }

  @Test
  void aValueOutsideOfItsBoundsIsRefused() {
    var deployment = Chart.render("minimal").one(Deployment.class);
    var container = Chart.container(deployment.getSpec().getTemplate().getSpec());
    container.getPorts().getFirst().setContainerPort(70_000);
    assertThatThrownBy(() -> submit(deployment)).hasMessageContaining("containerPort");
  }

  @Test
  void anUnknownFieldIsRefused() {
    var job = Chart.render("minimal").one(Job.class);
    job.getSpec().setAdditionalProperty("bogus", 1);
    assertThatThrownBy(() -> submit(job)).hasMessageContaining("unknown field \"spec.bogus\"");
  }

  @Test
  void aPodThatMayBeRootIsRefused() {
    var pod = Chart.render("minimal").pods().getFirst();
    pod.getSecurityContext().setRunAsNonRoot(false);
    assertThatThrownBy(() -> submit(pod(pod))).hasMessageContaining("PodSecurity");
  }
}
