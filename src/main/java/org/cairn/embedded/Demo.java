package org.cairn.embedded;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Publishes the bundled example run with the client, as anybody would, while the server runs. */
final class Demo implements AutoCloseable {

  private static final String PROJECT = "glyph";
  private static final String RUN = "glyph-60k-seed1";

  private final AtomicReference<Process> publisher = new AtomicReference<>();
  private final Installation installation;
  private final String url;

  private Demo(Installation installation, String url) {
    this.installation = installation;
    this.url = url;
  }

  static Demo start(Installation installation, String url) {
    var demo = new Demo(installation, url);
    Thread.ofPlatform().name("demo").daemon().start(demo::publish);
    return demo;
  }

  private void publish() {
    System.out.println("Publishing the example run " + RUN + " ...");
    try {
      var builder =
          new ProcessBuilder(
                  List.of(
                      installation.launcher().toString(),
                      "publish",
                      installation.demo().resolve(PROJECT).toString(),
                      "--project",
                      PROJECT,
                      "--to",
                      url))
              .inheritIO();
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      // A debugger's port or an agent meant for the server would collide with the server's own.
      builder.environment().keySet().removeAll(List.of("JAVA_OPTS", "JAVA_TOOL_OPTIONS"));
      var process = builder.start();
      publisher.set(process);
      int exitCode = process.waitFor();
      System.out.println(exitCode == 0 ? whereToLook() : failed("exit code " + exitCode));
    } catch (IOException e) {
      System.out.println(failed(String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.out.flush();
  }

  @Override
  public void close() {
    var process = publisher.get();
    if (process != null) {
      process.destroy();
    }
  }

  private String whereToLook() {
    var checkpoints = "%s/v1/projects/%s/runs/%s/checkpoints".formatted(url, PROJECT, RUN);
    return """

    The example run is published: a tiny language model, really trained, with %s
      Swagger UI    %s/q/swagger-ui
      checkpoints   %s
      five of them, evenly spaced on a logarithmic scale:
                    curl '%s?spacing=log&points=5'
    Ctrl-C stops the server; the run stays in the data folder.\
    """
        .formatted("everything that belongs to it.", url, checkpoints, checkpoints);
  }

  private static String failed(String reason) {
    return "The example run could not be published ("
        + reason
        + "); the server goes on without it.";
  }
}
