package org.cairn.hub;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairn.project.MemberFilter;

/** Finds what addresses of the Hub mean, or says in the Hub's words what is not there. */
@ApplicationScoped
class Repositories {

  private final Map<RepositoryKind, RepositorySource> sources = new EnumMap<>(RepositoryKind.class);
  private final Map<RepositoryKind, RepositoryBranches> branches =
      new EnumMap<>(RepositoryKind.class);

  Repositories(@Any Instance<RepositorySource> all, @Any Instance<RepositoryBranches> writable) {
    all.forEach(source -> sources.put(source.kind(), source));
    writable.forEach(some -> branches.put(some.kind(), some));
  }

  /** A revision and what of it was asked for. */
  record Place(Revision revision, String path) {}

  HubRepo repository(String kind, String project, String name) {
    var known = RepositoryKind.of(kind).orElseThrow(HubException::repositoryNotFound);
    return repository(known, project, name);
  }

  HubRepo repository(RepositoryKind kind, String project, String name) {
    return source(kind)
        .find(project, name)
        .map(card -> new HubRepo(kind, card))
        .orElseThrow(HubException::repositoryNotFound);
  }

  boolean exists(RepositoryKind kind, String project, String name) {
    return source(kind).find(project, name).isPresent();
  }

  List<HubRepo> list(RepositoryKind kind, MemberFilter filter) {
    return source(kind).list(filter).stream().map(card -> new HubRepo(kind, card)).toList();
  }

  Revision main(HubRepo repository) {
    return source(repository.kind()).main(repository, RepositorySource.MAIN);
  }

  /**
   * What the end of an address means.
   *
   * @param raw revision and path, percent-encoded
   */
  Place place(HubRepo repository, String raw) {
    var ways = RevisionAddress.parse(raw);
    var source = source(repository.kind());
    var first = ways.getFirst();
    if (first.name().equals(RepositorySource.MAIN) || first.name().equals("HEAD")) {
      return new Place(source.main(repository, first.name()), first.path());
    }
    var found =
        source
            .revision(repository, ways.stream().map(RevisionAddress::name).toList())
            .or(() ->
                Optional.of(RepositorySource.empty(repository, first.name()))
                    .filter(Revision::pinned))
            .orElseThrow(() -> HubException.revisionNotFound(first.name()));
    return ways.stream()
        .filter(way -> way.name().equals(found.name()))
        .findFirst()
        .map(way -> new Place(found, way.path()))
        .orElseThrow(() -> HubException.revisionNotFound(first.name()));
  }

  /**
   * A revision whose name is all that is left of an address.
   *
   * @param raw percent-encoded
   */
  Revision revision(HubRepo repository, String raw) {
    var place = place(repository, raw);
    if (!place.path().isEmpty()) {
      throw HubException.revisionNotFound(raw);
    }
    return place.revision();
  }

  /** A revision by its whole name. */
  Revision named(HubRepo repository, String name) {
    var source = source(repository.kind());
    return name.equals(RepositorySource.MAIN)
        ? source.main(repository, name)
        : source
            .revision(repository, List.of(name))
            .orElseThrow(() -> HubException.revisionNotFound(name));
  }

  RepositoryBranches branches(HubRepo repository) {
    var some = branches.get(repository.kind());
    if (some == null) {
      throw HubException.repositoryNotFound();
    }
    return some;
  }

  long usedStorage(HubRepo repository) {
    return source(repository.kind()).usedStorage(repository);
  }

  List<RepositorySource.Ref> refs(HubRepo repository) {
    return source(repository.kind()).refs(repository);
  }

  private RepositorySource source(RepositoryKind kind) {
    var source = sources.get(kind);
    if (source == null) {
      throw HubException.repositoryNotFound();
    }
    return source;
  }
}
