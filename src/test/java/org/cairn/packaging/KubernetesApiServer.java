package org.cairn.packaging;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.PeerProcess;

/** A real API server of Kubernetes with its etcd, and nothing that would run a pod. */
record KubernetesApiServer(PeerProcess etcd, PeerProcess server, KubernetesClient client)
    implements AutoCloseable {

  private static final String TOKEN = "chart-test";
  private static final Duration START = Duration.ofSeconds(60);

  static KubernetesApiServer start(Path folder) throws Exception {
    int store = PeerProcess.freePort();
    int port = PeerProcess.freePort();
    var etcd = PeerProcess.start("etcd", folder, store, Map.of(), etcdArguments(store));
    try {
      var words = serverArguments(folder, store, port);
      var process = PeerProcess.start("kube-apiserver", folder, port, Map.of(), words);
      var server = new KubernetesApiServer(etcd, process, client(port));
      try {
        CairnProcess.await("the API", START, server::isReady);
        server.define(PeerProcess.locate("servicemonitor-crd", folder));
        return server;
      } catch (Throwable e) {
        process.close();
        throw e;
      }
    } catch (Throwable e) {
      etcd.close();
      throw e;
    }
  }

  private static List<String> etcdArguments(int port) throws Exception {
    var clients = "http://127.0.0.1:" + port;
    var peers = "http://127.0.0.1:" + PeerProcess.freePort();
    return List.of(
        "--data-dir=etcd",
        "--unsafe-no-fsync",
        "--listen-client-urls=" + clients,
        "--advertise-client-urls=" + clients,
        "--listen-peer-urls=" + peers,
        "--initial-advertise-peer-urls=" + peers,
        "--initial-cluster=default=" + peers);
  }

  private static List<String> serverArguments(Path folder, int etcd, int port) throws Exception {
    var key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
    var pem = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
    Files.writeString(
        folder.resolve("sa.key"),
        "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
    Files.writeString(folder.resolve("tokens.csv"), TOKEN + ",admin,admin,system:masters\n");
    return List.of(
        "--etcd-servers=http://127.0.0.1:" + etcd,
        "--bind-address=127.0.0.1",
        "--secure-port=" + port,
        "--cert-dir=certs",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=sa.key",
        "--service-account-signing-key-file=sa.key",
        "--token-auth-file=tokens.csv",
        "--authorization-mode=RBAC",
        "--service-cluster-ip-range=10.0.0.0/24",
        // It waits for accounts that a controller makes, and none runs here.
        "--disable-admission-plugins=ServiceAccount");
  }

  private static KubernetesClient client(int port) {
    var config =
        new ConfigBuilder(Config.empty())
            .withMasterUrl("https://127.0.0.1:" + port)
            .withOauthToken(TOKEN)
            .withTrustCerts(true)
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private boolean isReady() {
    try {
      return "ok".equals(client.raw("/readyz"));
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  /** Makes the API server know a kind of somebody else's. */
  private void define(Path definition) throws IOException {
    try (var yaml = Files.newInputStream(definition)) {
      var made = client.apiextensions().v1().customResourceDefinitions().load(yaml).create();
      client
          .resource(made)
          .waitUntilCondition(
              crd ->
                  crd.getStatus().getConditions().stream()
                      .anyMatch(condition ->
                          condition.getType().equals("Established")
                              && condition.getStatus().equals("True")),
              START.toSeconds(),
              TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    client.close();
    server.close();
    etcd.close();
  }
}
