package org.cairn.packaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ChartTest {

  static List<String> valueFiles() {
    return Chart.valueFiles();
  }

  @Test
  void passesStrictLint() {
    var result = Chart.helm().lint().strict().call();
    assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
  }

  @Test
  void isTheVersionOfTheProgram() throws Exception {
    var chart = YamlFile.read(Chart.FOLDER.resolve("Chart.yaml"));
    assertThat(chart).containsEntry("appVersion", Pom.version());
    assertThat(Chart.render("minimal").server().getImage()).isEqualTo("cairn:" + Pom.version());
  }

  @ParameterizedTest
  @MethodSource("valueFiles")
  void rendersNothingThatKubernetesDoesNotKnow(String values) {
    for (var object : Chart.render(values).objects()) {
      if (object instanceof GenericKubernetesResource custom) {
        assertThat(custom.getKind()).isEqualTo("ServiceMonitor");
      } else {
        assertThat(KubernetesModel.unknownFields(object)).isEmpty();
      }
    }
  }

  @Test
  void aFieldThatKubernetesDoesNotKnowIsNoticed() {
    var deployment = Chart.render("minimal").one(Deployment.class);
    deployment.getSpec().getTemplate().getSpec().setAdditionalProperty("bogus", 1);
    assertThat(KubernetesModel.unknownFields(deployment))
        .containsExactly("Deployment.spec.template.spec.bogus");
  }

  @ParameterizedTest
  @MethodSource("valueFiles")
  void everyVariableIsOneThatCairnReads(String values) {
    for (var pod : Chart.render(values).pods()) {
      var names = Chart.environment(Chart.container(pod)).keySet();
      assertThat(names)
          .isNotEmpty()
          .allMatch(name -> ConfigKey.isRead(name) || name.equals("JAVA_OPTS"));
    }
  }

  @ParameterizedTest
  @MethodSource("valueFiles")
  void everyPodSatisfiesTheRestrictedPodSecurityStandard(String values) {
    for (var pod : Chart.render(values).pods()) {
      assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
      assertThat(pod.getSecurityContext().getSeccompProfile().getType())
          .isEqualTo("RuntimeDefault");
      assertThat(pod.getHostNetwork()).isNull();
      assertThat(pod.getHostPID()).isNull();
      assertThat(pod.getHostIPC()).isNull();
      assertThat(pod.getVolumes()).allMatch(volume -> volume.getEmptyDir() != null);
      assertThat(pod.getInitContainers()).isEmpty();
      assertThat(pod.getContainers()).hasSize(1);
      var context = Chart.container(pod).getSecurityContext();
      assertThat(context.getAllowPrivilegeEscalation()).isFalse();
      assertThat(context.getReadOnlyRootFilesystem()).isTrue();
      assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
      assertThat(context.getCapabilities().getAdd()).isEmpty();
      assertThat(pod.getAutomountServiceAccountToken()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("valueFiles")
  void everyContainerHasResourcesAndWritesOnlyToTmp(String values) {
    for (var pod : Chart.render(values).pods()) {
      var container = Chart.container(pod);
      assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
      assertThat(container.getResources().getLimits()).containsKey("memory");
      assertThat(container.getVolumeMounts())
          .singleElement()
          .satisfies(mount -> assertThat(mount.getMountPath()).isEqualTo("/tmp"));
    }
  }

  @Test
  void theUserIsThatOfTheImage() {
    var user = Dockerfile.read().one("USER").split(":", 2);
    for (var pod : Chart.render("full").pods()) {
      assertThat(pod.getSecurityContext().getRunAsUser()).hasToString(user[0]);
      assertThat(pod.getSecurityContext().getRunAsGroup()).hasToString(user[1]);
    }
  }

  @Test
  void probesLookAtTheManagementPort() {
    var server = Chart.render("minimal").server();
    assertThat(server.getPorts())
        .anySatisfy(port -> {
          assertThat(port.getName()).isEqualTo("management");
          assertThat(port.getContainerPort())
              .hasToString(ApplicationProperties.read().getProperty("quarkus.management.port"));
        });
    assertProbe(server.getStartupProbe(), "/q/health/started");
    assertProbe(server.getLivenessProbe(), "/q/health/live");
    assertProbe(server.getReadinessProbe(), "/q/health/ready");
  }

  private static void assertProbe(Probe probe, String path) {
    assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management");
    assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
  }

  @Test
  void secretsComeFromExistingSecretsOnly() {
    var chart = Chart.render("full");
    assertThat(chart.has(Secret.class)).isFalse();
    assertThat(Chart.environment(chart.server()))
        .containsEntry("QUARKUS_DATASOURCE_JDBC_URL", "cairn-database:jdbc-url")
        .containsEntry("QUARKUS_DATASOURCE_USERNAME", "cairn-database:user")
        .containsEntry("QUARKUS_DATASOURCE_PASSWORD", "cairn-database:pass")
        .containsEntry("CAIRN_ACCESS_ADMIN_TOKEN", "cairn-access:token")
        .containsEntry("CAIRN_S3_ACCESS_KEY", "cairn-s3:id")
        .containsEntry("CAIRN_S3_SECRET_KEY", "cairn-s3:key");
  }

  @Test
  void whoeverHasNoTokenMayReadAndNotWrite() {
    assertThat(Chart.environment(Chart.render("minimal").server()))
        .containsEntry("CAIRN_ACCESS_ANONYMOUS", "read")
        .containsEntry("CAIRN_ACCESS_ADMIN_TOKEN", "cairn-access:admin-token");
  }

  @Test
  void withoutAnAdministratorTheChartIsStillWhole() {
    var chart = Chart.render("minimal", template -> template.set("access.existingSecret", ""));
    assertThat(Chart.environment(chart.server()))
        .containsEntry("CAIRN_ACCESS_ANONYMOUS", "read")
        .doesNotContainKey("CAIRN_ACCESS_ADMIN_TOKEN");
  }

  @Test
  void workloadIdentityNeedsNoKeys() {
    var chart = Chart.render("workload-identity");
    assertThat(Chart.environment(chart.server()))
        .doesNotContainKeys("CAIRN_S3_ACCESS_KEY", "CAIRN_S3_SECRET_KEY");
    assertThat(chart.one(ServiceAccount.class).getMetadata().getAnnotations())
        .containsKey("eks.amazonaws.com/role-arn");
    assertThat(chart.one(ServiceAccount.class).getMetadata().getName())
        .isEqualTo(
            chart.one(Deployment.class).getSpec().getTemplate().getSpec().getServiceAccountName());
  }

  /** A hook runs before any other object of the release exists. */
  @Test
  void theMigrationNeedsNothingOfTheRelease() {
    for (var values : List.of("minimal", "full", "workload-identity")) {
      var chart = Chart.render(values);
      var job = chart.one(Job.class);
      assertThat(job.getMetadata().getAnnotations())
          .containsEntry("tested/hook", "pre-install,pre-upgrade");
      var account = job.getSpec().getTemplate().getSpec().getServiceAccountName();
      assertThat(chart.all(ServiceAccount.class))
          .noneMatch(made -> made.getMetadata().getName().equals(account));
      assertThat(Chart.environment(chart.migration()))
          .containsEntry("QUARKUS_FLYWAY_MIGRATE_AT_START", "true")
          .containsEntry("QUARKUS_INIT_AND_EXIT", "true")
          .doesNotContainKeys("CAIRN_S3_ACCESS_KEY", "CAIRN_S3_SECRET_KEY");
      assertThat(Chart.environment(chart.server()))
          .containsEntry("QUARKUS_FLYWAY_MIGRATE_AT_START", "false")
          .containsEntry("QUARKUS_FLYWAY_VALIDATE_AT_START", "true");
      assertThat(chart.migration().getImage()).isEqualTo(chart.server().getImage());
    }
  }

  @Test
  void withoutTheJobThePodsMigrateThemselves() {
    var chart = Chart.render("self-migrating");
    assertThat(chart.has(Job.class)).isFalse();
    assertThat(chart.has(ServiceAccount.class)).isFalse();
    assertThat(chart.has(PodDisruptionBudget.class)).as("one replica").isFalse();
    assertThat(Chart.environment(chart.server()))
        .containsEntry("QUARKUS_FLYWAY_MIGRATE_AT_START", "true");
    assertThat(
            chart.one(Deployment.class).getSpec().getTemplate().getSpec().getServiceAccountName())
        .isEqualTo("registry");
  }

  @ParameterizedTest
  @MethodSource("valueFiles")
  void everySelectorFindsThePodsOfTheServiceAndOnlyThem(String values) {
    var chart = Chart.render(values);
    var deployment = chart.one(Deployment.class);
    var pod = deployment.getSpec().getTemplate().getMetadata().getLabels();
    for (var selector :
        chart.all(Service.class).stream().map(s -> s.getSpec().getSelector()).toList()) {
      assertSelects(selector, pod, chart);
    }
    assertSelects(deployment.getSpec().getSelector().getMatchLabels(), pod, chart);
    for (var budget : chart.all(PodDisruptionBudget.class)) {
      assertSelects(budget.getSpec().getSelector().getMatchLabels(), pod, chart);
    }
    for (var policy : chart.all(NetworkPolicy.class)) {
      assertSelects(policy.getSpec().getPodSelector().getMatchLabels(), pod, chart);
    }
    for (var spread : deployment.getSpec().getTemplate().getSpec().getTopologySpreadConstraints()) {
      assertSelects(spread.getLabelSelector().getMatchLabels(), pod, chart);
    }
  }

  private static void assertSelects(
      Map<String, String> selector, Map<String, String> pod, Chart chart) {
    assertThat(selector).isNotEmpty();
    assertThat(pod).containsAllEntriesOf(selector);
    for (var job : chart.all(Job.class)) {
      var labels = job.getSpec().getTemplate().getMetadata().getLabels();
      assertThat(labels.entrySet().containsAll(selector.entrySet())).as("migration").isFalse();
    }
  }

  @Test
  void aConstraintOfOnesOwnKeepsItsSelector() {
    var chart =
        Chart.render(
            "full",
            template ->
                template.set("topologySpreadConstraints[0].labelSelector.matchLabels.mine", "yes"));
    var spread = chart.one(Deployment.class).getSpec().getTemplate().getSpec();
    assertThat(spread.getTopologySpreadConstraints().getFirst().getLabelSelector())
        .isEqualTo(new LabelSelectorBuilder().addToMatchLabels("mine", "yes").build());
  }

  @Test
  void everyServicePortIsAPortOfThePods() {
    var chart = Chart.render("full");
    var ports = chart.server().getPorts().stream().map(port -> port.getName()).toList();
    assertThat(chart.all(Service.class))
        .hasSize(2)
        .flatExtracting(service -> service.getSpec().getPorts())
        .allSatisfy(port -> assertThat(ports).contains(port.getTargetPort().getStrVal()));
    for (var policy : chart.all(NetworkPolicy.class)) {
      assertThat(policy.getSpec().getIngress())
          .flatExtracting(rule -> rule.getPorts())
          .allSatisfy(port -> assertThat(ports).contains(port.getPort().getStrVal()));
    }
    var backend =
        chart.one(Ingress.class).getSpec().getRules().getFirst().getHttp().getPaths().getFirst();
    assertThat(backend.getBackend().getService().getPort().getName()).isEqualTo("http");
    assertThat(backend.getBackend().getService().getName())
        .isEqualTo(chart.one(Deployment.class).getMetadata().getName());
  }

  @Test
  void theServiceMonitorFindsTheManagementService() {
    var chart = Chart.render("full");
    var monitor = chart.one(GenericKubernetesResource.class);
    Map<String, String> selector = monitor.get("spec", "selector", "matchLabels");
    assertThat(chart.all(Service.class))
        .filteredOn(service ->
            service.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
        .singleElement()
        .satisfies(service ->
            assertThat(service.getSpec().getPorts().getFirst().getName())
                .isEqualTo(monitor.get("spec", "endpoints", 0, "port")));
  }

  @Test
  void whatIsOptionalIsOffByDefault() {
    var chart = Chart.render("minimal");
    assertThat(chart.objects())
        .extracting(object -> object.getKind())
        .containsExactlyInAnyOrder(
            "Deployment", "Job", "PodDisruptionBudget", "Service", "ServiceAccount");
  }

  @ParameterizedTest
  @CsvSource({
    "replicaCount, 0, /replicaCount",
    "replicaCount, many, /replicaCount",
    "replicas, 2, replicas",
    "s3.bucketName, x, bucketName",
    "s3.endpoint, s3.example.org, /s3/endpoint",
    "s3.bucket, Upper, /s3/bucket",
    "s3.createBucket, maybe, /s3/createBucket",
    "database.password, secret, password",
    "database.maxConnections, 0, /database/maxConnections",
    "access.anonymous, admin, /access/anonymous",
    "transfer.mode, redirect, /transfer/mode",
    "transfer.urlLife, 15m, /transfer/urlLife",
    "upload.expiry, P, /upload/expiry",
    "upload.partSize, 16MiB, /upload/partSize",
    "jobs.workers, 0, /jobs/workers",
    "jobs.lease, PT, /jobs/lease",
    "gc.grace, 7d, /gc/grace",
    "gc.approval, yes, /gc/approval",
    "scrub.every, never, /scrub/every",
    "scrub.rate, fast, /scrub/rate",
    "image.tag, latest, /image/tag",
    "image.digest, sha256:12, /image/digest",
    "service.type, ExternalName, /service/type",
    "service.port, 70000, /service/port",
    "log.level, LOUD, /log/level",
    "podDisruptionBudget.maxUnavailable, 0, /podDisruptionBudget/maxUnavailable",
    "resources.limits.memory, lots, /resources/limits/memory",
    "terminationGracePeriodSeconds, 1, /terminationGracePeriodSeconds"
  })
  void refusesAValueOutsideOfItsBounds(String key, String value, String named) {
    assertThatThrownBy(() -> Chart.render("minimal", template -> template.set(key, value)))
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource({"database.existingSecret", "s3.endpoint"})
  void saysWhatIsMissing(String key) {
    assertThatThrownBy(() -> Chart.render("minimal", template -> template.set(key, "")))
        .hasMessageContaining(key);
  }

  @Test
  void refusesAnIngressWithoutHosts() {
    assertThatThrownBy(
            () -> Chart.render("minimal", template -> template.set("ingress.enabled", true)))
        .hasMessageContaining("ingress.hosts");
  }

  @Test
  void namesStayWithinTheLimitOfKubernetes() {
    var chart = Chart.render("full", template -> template.set("fullnameOverride", "n".repeat(80)));
    assertThat(chart.objects())
        .allSatisfy(
            object -> assertThat(object.getMetadata().getName()).hasSizeLessThanOrEqualTo(63));
  }
}
