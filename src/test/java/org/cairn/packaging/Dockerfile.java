package org.cairn.packaging;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** docker/Dockerfile, read and carried out as far as it copies files. */
record Dockerfile(List<Instruction> instructions) {

  static final Path CONTEXT = Path.of("").toAbsolutePath();

  private static final Pattern VARIABLE = Pattern.compile("([A-Z_]+)=(?:\"([^\"]*)\"|(\\S+))");

  record Instruction(String name, String arguments) {}

  /** A COPY with its mode, or an empty text for that of the source. */
  record Copy(List<String> sources, String target, String mode) {}

  static Dockerfile read() {
    try {
      var text = Files.readString(Path.of("docker/Dockerfile"));
      var instructions =
          text.replaceAll("(?m)^\\s*#.*\n", "")
              .replaceAll("\\\\\n\\s*", "")
              .lines()
              .filter(line -> !line.isBlank())
              .map(line -> line.split("\\s+", 2))
              .map(words -> new Instruction(words[0], words[1]))
              .toList();
      return new Dockerfile(instructions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> all(String name) {
    return instructions.stream()
        .filter(i -> i.name().equals(name))
        .map(Instruction::arguments)
        .toList();
  }

  String one(String name) {
    return all(name).getLast();
  }

  /** The exec form: a JSON array. */
  List<String> words(String name) {
    try {
      return List.of(new ObjectMapper().readValue(one(name), String[].class));
    } catch (IOException e) {
      throw new UncheckedIOException(name + " is not in the exec form", e);
    }
  }

  Map<String, String> variables(String name) {
    var variables = new LinkedHashMap<String, String>();
    for (var arguments : all(name)) {
      var matcher = VARIABLE.matcher(arguments);
      while (matcher.find()) {
        variables.put(
            matcher.group(1), matcher.group(2) == null ? matcher.group(3) : matcher.group(2));
      }
    }
    return variables;
  }

  List<Copy> copies() {
    return all("COPY").stream()
        .map(arguments -> {
          var words = new ArrayList<>(Arrays.asList(arguments.split("\\s+", -1)));
          var flags = words.stream().filter(word -> word.startsWith("--")).toList();
          words.removeAll(flags);
          var mode =
              flags.stream()
                  .filter(flag -> flag.startsWith("--chmod="))
                  .map(flag -> flag.substring("--chmod=".length()))
                  .findFirst()
                  .orElse("");
          return new Copy(List.copyOf(words.subList(0, words.size() - 1)), words.getLast(), mode);
        })
        .toList();
  }

  /** What a source stands for in the context: itself, or what its wildcard matches. */
  static List<Path> resolve(String source) {
    var path = CONTEXT.resolve(source);
    if (!source.contains("*")) {
      return Files.exists(path) ? List.of(path) : List.of();
    }
    var matcher = FileSystems.getDefault().getPathMatcher("glob:" + path);
    try (var found = Files.list(path.getParent())) {
      return found.filter(matcher::matches).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Carries the COPY lines out below {@code root}. */
  void assemble(Path root) throws IOException {
    for (var copy : copies()) {
      var target = root.resolve(Path.of("/").relativize(Path.of(one("WORKDIR"), copy.target())));
      Files.createDirectories(target);
      for (var source : copy.sources().stream().flatMap(s -> resolve(s).stream()).toList()) {
        if (Files.isDirectory(source)) {
          copyTree(source, target);
        } else {
          var file = target.resolve(source.getFileName());
          Files.copy(source, file, StandardCopyOption.COPY_ATTRIBUTES);
          if (!copy.mode().isEmpty()) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
          }
        }
      }
    }
  }

  private static void copyTree(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (var file : files.toList()) {
        var to = target.resolve(source.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}
