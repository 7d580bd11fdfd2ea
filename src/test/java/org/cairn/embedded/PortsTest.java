package org.cairn.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PortsTest {

  private final InetAddress loopback = InetAddress.getLoopbackAddress();

  @AfterEach
  void release() {
    Ports.release();
  }

  @Test
  void startsAtTheSameMomentGetPortsOfTheirOwn() throws Exception {
    int wanted = Ports.anyFree(loopback);
    var starts = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 20; i++) {
      starts.add(() -> Ports.holdFrom(loopback, wanted));
    }
    var ports = new ArrayList<Integer>();
    try (var executor = Executors.newFixedThreadPool(starts.size())) {
      for (var start : executor.invokeAll(starts)) {
        ports.add(start.get());
      }
    }
    assertThat(ports).doesNotHaveDuplicates();
    assertThat(ports).allMatch(port -> !Ports.isFree(loopback, port));
    Ports.release();
    assertThat(ports).allMatch(port -> Ports.isFree(loopback, port));
  }

  @Test
  void saysWhyAPortCannotBeOpened() throws IOException {
    int port = Ports.anyFree(loopback);
    Ports.hold(loopback, port);
    assertThatThrownBy(() -> Ports.requireFree(loopback, port)).hasMessageContaining("is taken");
    var elsewhere = InetAddress.getByName("192.0.2.1");
    assertThatThrownBy(() -> Ports.requireFree(elsewhere, port))
        .hasMessageContaining("Port " + port + " on 192.0.2.1 cannot be opened");
    assertThatThrownBy(() -> Ports.holdFrom(elsewhere, port))
        .hasMessageContaining("cannot be opened");
  }
}
