package org.cairn.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.cairn.platform.FileRoles;

/** Local files as the registry wants to be told of them. */
final class FileEntries {

  private final Digests digests;

  FileEntries(Digests digests) {
    this.digests = digests;
  }

  /** A file of a dataset version: it has no role. */
  ObjectNode ofDataset(LocalFile file) {
    return Json.object()
        .put("path", file.name())
        .put("sha256", digests.of(file).hex())
        .put("size", file.size())
        .put("mediaType", FileRoles.mediaType(file.name()));
  }

  /** A file of a run: it has a role. */
  ObjectNode ofRun(LocalFile file) {
    return ofDataset(file).put("role", FileRoles.role(file.name()));
  }

  /** Files of a checkpoint: they may belong to a representation. */
  ArrayNode ofCheckpoint(List<LocalFile> files) {
    var entries = Json.array();
    for (var file : files) {
      var entry = ofRun(file);
      var representation = FileRoles.representation(file.name());
      if (representation != null) {
        entry.put("representation", representation);
      }
      entries.add(entry);
    }
    return entries;
  }
}
