package org.cairn.dataset;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import org.cairn.api.RegistryException;
import org.cairn.platform.CanonicalJson;
import org.cairn.platform.Names;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/** The files of a dataset version, sorted by path: what its digest is taken of. */
record FileList(List<DatasetFileView> files) {

  /** Largest list, in bytes of canonical JSON: it is an object of the store, sent in one piece. */
  static final int MAX_BYTES = 60 << 20;

  FileList {
    files = files.stream().sorted(Comparator.comparing(DatasetFileView::path)).toList();
  }

  /** Refuses a list that no version can have; faults name the files as the client counts them. */
  static void check(List<DatasetFileView> files) {
    var seen = new java.util.HashSet<String>();
    for (int i = 0; i < files.size(); i++) {
      var at = "files[" + i + "]";
      var file = files.get(i);
      var fault = Names.faultOfPath(file.path());
      if (!fault.isEmpty()) {
        throw RegistryException.invalid(at + ".path", fault);
      }
      if (!seen.add(file.path())) {
        throw RegistryException.invalid(at + ".path", "comes twice: " + file.path());
      }
      if (file.location() != null && file.withheldReason() != null) {
        throw RegistryException.invalid(at, "has at most one of location and withheldReason");
      }
      if (file.sha256() == null && file.location() == null && file.withheldReason() == null) {
        throw RegistryException.invalid(at, "has one of sha256, location and withheldReason");
      }
    }
    var fault = Names.faultOfPaths(seen);
    if (!fault.isEmpty()) {
      throw RegistryException.invalid("files", fault);
    }
  }

  /**
   * Equal lists have equal bytes, whatever order they were sent in; their SHA-256 is the digest.
   */
  byte[] canonical() {
    return CanonicalJson.bytes(json());
  }

  Sha256 digest() {
    var canonical = canonical();
    if (canonical.length > MAX_BYTES) {
      throw RegistryException.invalid(
          "files",
          "have " + canonical.length + " bytes of canonical JSON; the limit is " + MAX_BYTES);
    }
    return Sha256.of(canonical);
  }

  /** The sum, exactly; null where the size of a file is unknown. */
  @Nullable Long totalSize() {
    long total = 0;
    for (var file : files) {
      if (file.size() == null) {
        return null;
      }
      try {
        total = Math.addExact(total, file.size());
      } catch (ArithmeticException e) {
        throw RegistryException.invalid("files", "have more than 2^63 - 1 bytes together");
      }
    }
    return total;
  }

  private ArrayNode json() {
    var list = JsonNodeFactory.instance.arrayNode(files.size());
    files.forEach(file -> list.add(json(file)));
    return list;
  }

  /** A file with the names of the API; what nobody said is left out. */
  static ObjectNode json(DatasetFileView file) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("path", file.path());
    put(json, "sha256", file.sha256() == null ? null : file.sha256().hex());
    put(json, "size", file.size());
    put(json, "mediaType", file.mediaType());
    put(json, "role", file.role());
    put(json, "tokens", file.tokens());
    put(json, "documents", file.documents());
    put(json, "location", file.location());
    put(json, "withheldReason", file.withheldReason());
    return json;
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static void put(ObjectNode json, String name, @Nullable Long value) {
    if (value != null) {
      json.put(name, value);
    }
  }
}
