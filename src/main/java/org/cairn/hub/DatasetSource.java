package org.cairn.hub;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cairn.dataset.CommittedVersion;
import org.cairn.dataset.DatasetCatalogueService;
import org.cairn.platform.FileEntry;
import org.cairn.platform.FileSlice;
import org.cairn.project.MemberCard;
import org.cairn.project.MemberFilter;

/** Datasets as dataset repositories: each version is a tag, and main is the newest one. */
@ApplicationScoped
class DatasetSource implements RepositorySource {

  private final DatasetCatalogueService datasets;

  DatasetSource(DatasetCatalogueService datasets) {
    this.datasets = datasets;
  }

  @Override
  public RepositoryKind kind() {
    return RepositoryKind.DATASET;
  }

  @Override
  public List<MemberCard> list(MemberFilter filter) {
    return datasets.list(filter);
  }

  @Override
  public Optional<MemberCard> find(String project, String name) {
    return datasets.find(project, name);
  }

  @Override
  public Revision main(HubRepo repository, String askedAs) {
    return main(datasets.versions(repository.memberId()))
        .map(version -> revision(repository, askedAs, version))
        .orElseGet(() -> RepositorySource.empty(repository, askedAs));
  }

  /** A version of that name, or else the newest. */
  private static Optional<CommittedVersion> main(List<CommittedVersion> versions) {
    return versions.stream()
        .filter(version -> version.version().equals(MAIN))
        .findFirst()
        .or(() -> versions.isEmpty() ? Optional.empty() : Optional.of(versions.getLast()));
  }

  @Override
  public Optional<Revision> revision(HubRepo repository, List<String> names) {
    var versions = datasets.versions(repository.memberId());
    for (var name : names) {
      for (var version : versions) {
        if (version.version().equals(name) || version.commit().equals(name)) {
          return Optional.of(revision(repository, name, version));
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public long usedStorage(HubRepo repository) {
    return datasets.storage(repository.memberId());
  }

  @Override
  public List<Ref> refs(HubRepo repository) {
    var versions = datasets.versions(repository.memberId());
    var refs = new ArrayList<Ref>(versions.size() + 1);
    refs.add(
        new Ref(
            MAIN,
            true,
            main(versions)
                .map(CommittedVersion::commit)
                .orElseGet(() -> RepositorySource.empty(repository, MAIN).commit())));
    for (var version : versions) {
      if (!version.version().equals(MAIN)) {
        refs.add(new Ref(version.version(), false, version.commit()));
      }
    }
    return refs;
  }

  private Revision revision(HubRepo repository, String name, CommittedVersion version) {
    return new Revision(
        repository,
        name,
        version.commit(),
        "Version " + version.version(),
        version.createdAt(),
        files(version));
  }

  private RevisionFiles files(CommittedVersion version) {
    return new RevisionFiles() {
      @Override
      public List<FileEntry> list(FileSlice slice) {
        return datasets.list(version.id(), slice);
      }

      @Override
      public List<FileEntry> files(Collection<String> paths) {
        return datasets.files(version.id(), paths);
      }

      @Override
      public Set<String> folders(Collection<String> paths) {
        return datasets.folders(version.id(), paths);
      }

      @Override
      public Map<String, Long> parameters() {
        return Map.of();
      }
    };
  }
}
