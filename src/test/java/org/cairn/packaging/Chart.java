package org.cairn.packaging;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** helm/cairn, rendered by Helm itself and read as Kubernetes would read it. */
record Chart(List<HasMetadata> objects) {

  static final Path FOLDER = Path.of("helm/cairn");

  static Helm helm() {
    return new Helm(FOLDER);
  }

  static Path values(String name) {
    return FOLDER.resolve("ci/" + name + "-values.yaml");
  }

  /** Every file of values that the chart is tested with. */
  static List<String> valueFiles() {
    try (var files = Files.list(FOLDER.resolve("ci"))) {
      return files
          .map(file -> file.getFileName().toString().replace("-values.yaml", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Chart render(String valuesFile) {
    return render(valuesFile, template -> template);
  }

  static Chart render(String valuesFile, UnaryOperator<TemplateCommand> more) {
    var template =
        new Helm(WithHooks.FOLDER)
            .template()
            .withName("release")
            .withNamespace("there")
            .withKubeVersion("1.34.0")
            .withValuesFile(values(valuesFile));
    var serialization = new KubernetesSerialization();
    return new Chart(
        Pattern.compile("(?m)^---\\s*$")
            .splitAsStream(more.apply(template).call())
            .filter(document -> document.contains("apiVersion:"))
            .map(document -> (HasMetadata) serialization.unmarshal(document))
            .toList());
  }

  /**
   * A copy in which hooks are objects like any other, because helm-java's template leaves them out:
   * the annotation that makes a hook of an object is called {@code tested/hook} there.
   */
  private static final class WithHooks {
    static final Path FOLDER = copy();

    private static Path copy() {
      try (var files = Files.walk(Chart.FOLDER)) {
        var copy = Files.createTempDirectory("chart-").resolve("cairn");
        for (var file : files.filter(Files::isRegularFile).toList()) {
          var target = copy.resolve(Chart.FOLDER.relativize(file));
          Files.createDirectories(target.getParent());
          Files.writeString(
              target, Files.readString(file).replace("helm.sh/hook:", "tested/hook:"));
        }
        return copy;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  <T> List<T> all(Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  <T> T one(Class<T> type) {
    var found = all(type);
    if (found.size() != 1) {
      throw new AssertionError("%d times %s".formatted(found.size(), type.getSimpleName()));
    }
    return found.getFirst();
  }

  boolean has(Class<?> type) {
    return !all(type).isEmpty();
  }

  /** The pods of the service and of the migration. */
  List<PodSpec> pods() {
    var deployments = all(Deployment.class).stream().map(d -> d.getSpec().getTemplate().getSpec());
    var jobs = all(Job.class).stream().map(j -> j.getSpec().getTemplate().getSpec());
    return Stream.concat(deployments, jobs).toList();
  }

  static Container container(PodSpec pod) {
    return pod.getContainers().getFirst();
  }

  Container server() {
    return container(one(Deployment.class).getSpec().getTemplate().getSpec());
  }

  Container migration() {
    return container(one(Job.class).getSpec().getTemplate().getSpec());
  }

  /** The variables of a container; those from a Secret as {@code secret:key}. */
  static Map<String, String> environment(Container container) {
    var environment = new LinkedHashMap<String, String>();
    for (EnvVar variable : container.getEnv()) {
      var from = variable.getValueFrom();
      var value =
          from == null
              ? variable.getValue()
              : from.getSecretKeyRef().getName() + ":" + from.getSecretKeyRef().getKey();
      if (environment.put(variable.getName(), value) != null) {
        throw new AssertionError(variable.getName() + " is set twice");
      }
    }
    return environment;
  }
}
