package org.cairn.hub;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;

/** Writes the names of all revisions of a repository. */
final class RefsWriter {

  private RefsWriter() {}

  static void write(JsonGenerator json, List<RepositorySource.Ref> refs, boolean pullRequests)
      throws IOException {
    json.writeStartObject();
    write(json, "branches", "refs/heads/", refs, true);
    json.writeArrayFieldStart("converts");
    json.writeEndArray();
    write(json, "tags", "refs/tags/", refs, false);
    if (pullRequests) {
      json.writeArrayFieldStart("pullRequests");
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void write(
      JsonGenerator json,
      String field,
      String prefix,
      List<RepositorySource.Ref> refs,
      boolean branches)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (var ref : refs) {
      if (ref.branch() == branches) {
        json.writeStartObject();
        json.writeStringField("name", ref.name());
        json.writeStringField("ref", prefix + ref.name());
        json.writeStringField("targetCommit", ref.commit());
        json.writeEndObject();
      }
    }
    json.writeEndArray();
  }
}
