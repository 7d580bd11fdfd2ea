package org.cairn.hub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers what a client is told of a revision, so that what fails fails before the answer. */
@ApplicationScoped
class RepositoryInfo {

  private final Repositories repositories;
  private final ModelConfig configs;

  RepositoryInfo(Repositories repositories, ModelConfig configs) {
    this.repositories = repositories;
    this.configs = configs;
  }

  /**
   * A revision, and those of its further fields that are wanted.
   *
   * @param blobs whether sizes and digests of the files are
   */
  record Info(
      Revision revision,
      Map<String, Long> parameters,
      @Nullable ObjectNode config,
      @Nullable Long usedStorage,
      @Nullable FilePages files,
      boolean blobs) {}

  /** It is one number for all revisions, and all files are looked at for it. */
  private static boolean isStorageWanted(Revision revision, Wanted wanted) {
    return wanted.names("usedStorage")
        || (wanted.has("usedStorage") && revision.name().equals(RepositorySource.MAIN));
  }

  Info read(Revision revision, Wanted wanted) {
    var repository = revision.repository();
    boolean model = repository.kind() == RepositoryKind.MODEL;
    return new Info(
        revision,
        wanted.has("safetensors") ? revision.files().parameters() : Map.of(),
        model && wanted.has("config") ? configs.of(revision) : null,
        isStorageWanted(revision, wanted) ? repositories.usedStorage(repository) : null,
        wanted.has("siblings") ? new FilePages(revision.files()) : null,
        wanted.blobs());
  }
}
