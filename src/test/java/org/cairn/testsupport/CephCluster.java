package org.cairn.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The smallest cluster of Ceph that has an object gateway: a monitor, a store that keeps everything
 * in memory, and the gateway; no manager, which nothing here asks.
 */
final class CephCluster implements AutoCloseable {

  private final Path folder;
  private final Deque<PeerProcess> running = new ArrayDeque<>();

  private CephCluster(Path folder) {
    this.folder = folder;
  }

  /** Starts it over an empty folder; its gateway listens on this port. */
  static CephCluster start(Path folder, int port) throws Exception {
    var cluster = new CephCluster(folder);
    try {
      cluster.start(port);
      return cluster;
    } catch (Throwable e) {
      cluster.close();
      throw e;
    }
  }

  private void start(int port) throws Exception {
    int monitor = PeerProcess.freePort();
    var id = UUID.randomUUID().toString();
    Files.writeString(folder.resolve("ceph.conf"), settings(id, monitor, port));
    run("ceph-authtool --create-keyring keyring --gen-key -n mon. --cap mon allow*");
    for (var name : List.of("client.admin", "client.rgw.a", "osd.0")) {
      run("ceph-authtool keyring --gen-key -n " + name + " --cap mon allow* --cap osd allow*");
    }
    run("monmaptool --create --fsid " + id + " --addv a [v1:127.0.0.1:" + monitor + "] monmap");
    // Names the one store there is, which otherwise a client of the monitor would have to.
    run("osdmaptool --createsimple 1 osdmap");
    run("ceph-mon -i a --mkfs --monmap monmap --keyring keyring --osdmap osdmap");
    start("ceph-mon -f -i a", monitor);
    Files.createDirectory(folder.resolve("osd"));
    run("ceph-osd -i 0 --mkfs --osd-uuid " + UUID.randomUUID());
    // The store has no port that is known before; those who need it wait for it.
    start("ceph-osd -f -i 0", monitor);
    run(
        "radosgw-admin user create --uid cairn --display-name cairn --access-key "
            + S3Resource.ACCESS_KEY
            + " --secret "
            + S3Resource.SECRET_KEY);
    start("radosgw -f -n client.rgw.a", port);
  }

  private String settings(String id, int monitor, int port) {
    return """
    [global]
    fsid = %s
    mon host = v1:127.0.0.1:%d
    ms bind msgr2 = false
    public addr = 127.0.0.1
    cluster addr = 127.0.0.1
    auth allow insecure global id reclaim = false
    mon data = %3$s/mon
    osd data = %3$s/osd
    rgw data = %3$s/rgw
    run dir = %3$s
    admin socket =
    keyring = %3$s/keyring
    log to stderr = true
    log file =
    paxos propose interval = 0.05
    osd objectstore = memstore
    memstore device bytes = 4294967296
    mon allow pool size one = true
    osd pool default size = 1
    osd pool default min size = 1
    osd pool default pg num = 1
    osd pool default pgp num = 1
    osd crush chooseleaf type = 0
    [client.rgw.a]
    rgw frontends = beast endpoint=127.0.0.1:%4$d
    rgw thread pool size = 64
    """
        .formatted(id, monitor, folder, port);
  }

  /** Runs a program to its end, for at most a minute. */
  private void run(String command) throws Exception {
    var words = new ArrayList<>(List.of("timeout", "60"));
    words.add(PeerProcess.locate("ceph", folder).toString());
    words.addAll(words(command));
    var builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("commands.log").toFile());
    builder.environment().putAll(environment());
    assertThat(builder.start().waitFor())
        .as("%s: %s", command, Files.readString(folder.resolve("commands.log")))
        .isZero();
  }

  private void start(String command, int port) throws Exception {
    var words = words(command);
    var logs = Files.createDirectory(folder.resolve(words.getFirst() + "-logs"));
    running.push(PeerProcess.start("ceph", logs, port, environment(), words));
  }

  private Map<String, String> environment() {
    return Map.of("CEPH_CONF", folder.resolve("ceph.conf").toString());
  }

  private static List<String> words(String command) {
    // A capability has a space in it.
    return List.of(command.split(" ", -1)).stream()
        .map(word -> word.replace("allow*", "allow *"))
        .toList();
  }

  @Override
  public void close() {
    running.forEach(PeerProcess::close);
  }
}
