package org.cairn.access;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request.
 *
 * @param name of the token; null for somebody without a valid one
 */
record Caller(@Nullable String name, boolean administrator, List<Grant> grants) {

  static final Caller ANONYMOUS = new Caller(null, false, List.of());

  Caller {
    grants = List.copyOf(grants);
  }

  boolean known() {
    return name != null;
  }

  boolean isReader(String project) {
    return administrator || grants.stream().anyMatch(grant -> grant.isAbout(project));
  }

  boolean isWriter(String project) {
    return administrator
        || grants.stream().anyMatch(grant -> grant.role() == Role.WRITER && grant.isAbout(project));
  }

  boolean isWriterOfAnything() {
    return administrator || grants.stream().anyMatch(grant -> grant.role() == Role.WRITER);
  }

  ReadScope scope() {
    Set<String> projects =
        grants.stream()
            .map(grant -> grant.project().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return new ReadScope(administrator || projects.contains(Grant.ALL), projects);
  }

  @Override
  public String toString() {
    return name == null ? "anonymous" : name;
  }
}
