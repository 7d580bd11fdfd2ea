package org.cairn.hub;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** Writes the names of all revisions of a repository. */
final class RefsWriter {

  /** Nobody makes pull requests here, but a checkpoint from elsewhere may have such a label. */
  private static final String PULL_REQUESTS = "refs/pr/";

  private RefsWriter() {}

  static void write(JsonGenerator json, List<RepositorySource.Ref> refs, boolean pullRequests)
      throws IOException {
    json.writeStartObject();
    write(json, "branches", "refs/heads/", refs, ref -> ref.branch() && !isPullRequest(ref));
    json.writeArrayFieldStart("converts");
    json.writeEndArray();
    write(json, "tags", "refs/tags/", refs, ref -> !ref.branch() && !isPullRequest(ref));
    if (pullRequests) {
      write(json, "pullRequests", "", refs, RefsWriter::isPullRequest);
    }
    json.writeEndObject();
  }

  private static boolean isPullRequest(RepositorySource.Ref ref) {
    return ref.name().startsWith(PULL_REQUESTS);
  }

  private static void write(
      JsonGenerator json,
      String field,
      String prefix,
      List<RepositorySource.Ref> refs,
      Predicate<RepositorySource.Ref> which)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (var ref : refs) {
      if (which.test(ref)) {
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
