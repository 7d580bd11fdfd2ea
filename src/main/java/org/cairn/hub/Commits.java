package org.cairn.hub;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cairn.artifact.ArtifactState;
import org.cairn.artifact.ArtifactStatus;
import org.cairn.artifact.DirectUploads;
import org.cairn.checkpoint.TrainerClaims;
import org.cairn.platform.FileChanges;
import org.cairn.platform.FileEntry;
import org.jspecify.annotations.Nullable;

/** Carries commits out: reads them, has their bytes verified, and only then changes anything. */
@ApplicationScoped
class Commits {

  /**
   * How long a commit waits for the verification of its bytes, so that what was committed can be
   * read at once. Bytes that take longer are read when they are verified, and sealing waits for
   * them.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Repositories repositories;
  private final DirectUploads uploads;
  private final TrainerClaims claims;

  Commits(Repositories repositories, DirectUploads uploads, TrainerClaims claims) {
    this.repositories = repositories;
    this.uploads = uploads;
    this.claims = claims;
  }

  /** Answers the commit afterwards. */
  String commit(HubRepo repository, String name, InputStream body)
      throws IOException, InterruptedException {
    try {
      var branches = repositories.branches(repository);
      var branch = branches.find(repository, name);
      var request = new CommitReader(uploads::send).read(body);
      var changes = changes(branch, request);
      return branches.commit(branch, changes, request.parent(), claims.among(changes.added()));
    } catch (RuntimeException e) {
      // A client that sends everything before it reads anything would not see the answer.
      var _ = body.skip(CommitReader.BODY_MAX);
      throw e;
    }
  }

  private FileChanges changes(RepositoryBranches.Branch branch, CommitRequest request)
      throws InterruptedException {
    var files =
        Stream.concat(copied(branch, request.copies()).stream(), request.files().stream()).toList();
    var statuses =
        uploads.settle(
            files.stream().map(CommitRequest.NewFile::sha256).collect(Collectors.toSet()),
            PATIENCE);
    return new FileChanges(
        files.stream().map(file -> checked(file, statuses.get(file.sha256()))).toList(),
        request.deletedFiles(),
        request.deletedFolders());
  }

  private List<CommitRequest.NewFile> copied(
      RepositoryBranches.Branch branch, List<CommitRequest.Copy> copies) {
    var files = new ArrayList<CommitRequest.NewFile>();
    var byRevision = new HashMap<String, List<CommitRequest.Copy>>();
    for (var copy : copies) {
      var revision = copy.revision() == null ? branch.name() : copy.revision();
      byRevision.computeIfAbsent(revision, name -> new ArrayList<>()).add(copy);
    }
    byRevision.forEach((name, some) -> {
      var revision =
          name.equals(branch.name())
              ? branch.revision()
              : repositories.named(branch.repository(), name);
      var paths = new LinkedHashSet<>(some.stream().map(CommitRequest.Copy::source).toList());
      var found = new HashMap<String, FileEntry>();
      revision.files().files(paths).forEach(file -> found.put(file.path(), file));
      for (var copy : some) {
        var file = found.get(copy.source());
        if (file == null) {
          throw HubException.entryNotFound(copy.source(), revision);
        }
        files.add(new CommitRequest.NewFile(copy.path(), file.sha256(), file.size()));
      }
    });
    return files;
  }

  private static FileEntry checked(CommitRequest.NewFile file, @Nullable ArtifactStatus status) {
    var state = status == null ? ArtifactState.MISSING : status.state();
    if (status == null || state == ArtifactState.MISSING) {
      throw new HubException(
          400,
          "No bytes with sha256 %s were uploaded for %s".formatted(file.sha256(), file.path()));
    }
    if (state == ArtifactState.DAMAGED) {
      throw new HubException(
          400, "The stored bytes of %s are damaged: upload them again".formatted(file.path()));
    }
    if (state == ArtifactState.FAILED) {
      throw new HubException(
          400, "The bytes of %s failed verification: %s".formatted(file.path(), status.failure()));
    }
    var size = file.size() == null ? status.size() : file.size();
    if (size == null) {
      throw new HubException(409, "The bytes of " + file.path() + " are still being verified");
    }
    if (status.size() != null && !status.size().equals(size)) {
      throw new HubException(
          400,
          "%s is said to have %d bytes, but there are %d"
              .formatted(file.path(), size, status.size()));
    }
    return new FileEntry(file.path(), file.sha256(), size, null);
  }
}
