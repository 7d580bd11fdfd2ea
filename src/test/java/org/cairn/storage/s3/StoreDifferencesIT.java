package org.cairn.storage.s3;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cairn.testsupport.Generated;
import org.cairn.testsupport.S3Server;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's table of what stores do differently is what they do. */
@Tag("conformance")
class StoreDifferencesIT {

  @TempDir static Path folder;

  @Test
  void theReadmeSaysWhatTheyDo() throws Exception {
    var rows = new LinkedHashMap<String, String>();
    rows.put("", "|");
    for (var make : S3Server.Make.values()) {
      try (var server = S3Server.start(make, Files.createDirectory(folder.resolve(make.name())))) {
        rows.merge("", " " + make + " |", String::concat);
        StoreProbe.of(TestBucket.of(server))
            .answers()
            .forEach((what, answer) -> {
              rows.putIfAbsent(what, "| " + what + " |");
              rows.merge(what, " " + answer + " |", String::concat);
            });
      }
    }
    var head =
        Stream.of("| " + rows.remove(""), "|---".repeat(S3Server.Make.values().length + 1) + "|");
    var table =
        Stream.concat(head, rows.values().stream()).collect(Collectors.joining("\n", "", "\n"));
    Generated.between("README.md", "stores-table").isUpToDateWith(table);
  }
}
