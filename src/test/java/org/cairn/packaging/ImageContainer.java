package org.cairn.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What docker/Dockerfile makes, run as nearly as this machine can without a container engine.
 *
 * <p>As root on Linux: its layers over this machine's root file system in an overlay without an
 * upper folder, so that nothing but /tmp can be written, as the image's user, without any
 * capability. Elsewhere: as the current user, in a folder that is read-only by its permissions.
 */
final class ImageContainer implements AutoCloseable {

  /** As below, but what the program writes becomes part of the layers, as with RUN. */
  private static final String BUILD =
      """
      set -eu
      box=$1; layers=$2; shift 2
      mount -t tmpfs -o mode=755 tmpfs "$box"
      mkdir "$box/layers" "$box/work" "$box/root"
      cp -a "$layers/." "$box/layers"
      mount -t overlay -o "lowerdir=/,upperdir=$box/layers,workdir=$box/work" overlay "$box/root"
      mount -t tmpfs tmpfs "$box/root/tmp"
      mount --rbind /proc "$box/root/proc"
      mount --rbind /dev "$box/root/dev"
      chroot "$box/root" env -i "$@"
      cp -a "$box/layers/." "$layers"
      """;

  /** $1 an empty folder, $2 the layers, then the program with its environment. */
  private static final String ISOLATE =
      """
      set -eu
      box=$1; layers=$2; shift 2
      mount -t tmpfs -o mode=755 tmpfs "$box"
      mkdir "$box/layers" "$box/root"
      cp -a "$layers/." "$box/layers"
      chown -R 0:0 "$box/layers"
      mount -t overlay -o "lowerdir=$box/layers:/" overlay "$box/root"
      mount -t tmpfs tmpfs "$box/root/tmp"
      mount --rbind /proc "$box/root/proc"
      mount --rbind /dev "$box/root/dev"
      exec chroot "$box/root" setpriv --reuid="$IMAGE_UID" --regid="$IMAGE_GID" --clear-groups \
        --bounding-set=-all --inh-caps=-all --no-new-privs env -i "$@"
      """;

  private final Dockerfile dockerfile = Dockerfile.read();
  private final Path layers;
  private final Path box;
  private final Path log;
  private final boolean isolated;

  ImageContainer(Path folder) {
    try {
      layers = Files.createDirectories(folder.resolve("layers"));
      box = Files.createDirectories(folder.resolve("box"));
      log = folder.resolve("log");
      dockerfile.assemble(layers);
      isolated = canIsolate();
      build();
      allMayRead(folder);
      if (!isolated) {
        setWritable(false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean isIsolated() {
    return isolated;
  }

  /** A path of the image as a program in it sees it. */
  String path(String path) {
    return isolated ? path : layers + path;
  }

  /** The options that the image has for the JVM. */
  String javaOptions() {
    return dockerfile.variables("ENV").get("JAVA_OPTS");
  }

  /** Carries out the RUN line. */
  private void build() throws IOException, InterruptedException {
    var workingFolder = path(dockerfile.one("WORKDIR"));
    var command = new ArrayList<>(List.of("sh", "-c", "cd \"$0\" && exec \"$@\"", workingFolder));
    command.addAll(dockerfile.words("RUN"));
    var process =
        builder(BUILD, Map.of(), command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("RUN failed: " + log());
    }
  }

  /** Starts the image's entry point with the variables of the image and {@code environment}. */
  Process start(Map<String, String> environment, String... arguments) throws IOException {
    var command = new ArrayList<String>();
    for (var word : dockerfile.words("ENTRYPOINT")) {
      command.add(path(word));
    }
    command.addAll(arguments.length == 0 ? dockerfile.words("CMD") : List.of(arguments));
    return builder(ISOLATE, environment, command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /** Runs a command beside the program, as a health check is run. */
  boolean succeeds(List<String> command) throws IOException, InterruptedException {
    var process = builder(ISOLATE, Map.of(), command).redirectErrorStream(true).start();
    drain(process.getInputStream());
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  private ProcessBuilder builder(
      String script, Map<String, String> environment, List<String> command) {
    var variables = new TreeMap<>(dockerfile.variables("ENV"));
    variables.put("PATH", variables.get("PATH").replace("${PATH}", "/usr/bin:/bin"));
    // The base image sets it.
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.putAll(environment);
    var words = new ArrayList<String>();
    if (isolated) {
      words.addAll(isolate(script));
    } else {
      words.addAll(List.of("env", "-i"));
    }
    variables.forEach((name, value) -> words.add(name + "=" + value));
    words.addAll(command);
    var builder = new ProcessBuilder(words);
    var user = dockerfile.one("USER").split(":", 2);
    builder.environment().putAll(Map.of("IMAGE_UID", user[0], "IMAGE_GID", user[1]));
    return builder;
  }

  private List<String> isolate(String script) {
    return List.of(
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "--",
        "bash",
        "-c",
        script,
        "isolate",
        box.toString(),
        layers.toString());
  }

  private boolean canIsolate() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return false;
    }
    var words = new ArrayList<>(isolate(ISOLATE));
    words.addAll(
        List.of("PATH=/usr/bin:/bin", System.getProperty("java.home") + "/bin/java", "-version"));
    try {
      var builder = new ProcessBuilder(words).redirectErrorStream(true);
      builder.environment().putAll(Map.of("IMAGE_UID", "10001", "IMAGE_GID", "0"));
      var process = builder.start();
      drain(process.getInputStream());
      return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void drain(InputStream stream) throws IOException {
    stream.readAllBytes();
  }

  private static void allMayRead(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.toList()) {
        var all = file.toFile();
        if (!all.setReadable(true, false)
            || (all.isDirectory() && !all.setExecutable(true, false))) {
          throw new IOException("cannot be made readable: " + file);
        }
      }
    }
  }

  private void setWritable(boolean writable) throws IOException {
    try (var files = Files.walk(layers)) {
      for (var file : files.toList()) {
        if (!file.toFile().setWritable(writable)) {
          throw new IOException("permissions cannot be changed: " + file);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (!isolated) {
      setWritable(true);
    }
  }
}
