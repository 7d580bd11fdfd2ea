package org.cairn.hub;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cairn.api.ClientGoneException;
import org.cairn.platform.FileEntry;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** How clients of the Hub bring files: they ask how to send each, and then make a commit. */
@Path("/api")
@RunOnVirtualThread
class CommitResource {

  private static final String REPOSITORY = "{kind: models|datasets}/{project}/{name}";

  private final Repositories repositories;
  private final Commits commits;
  private final GitDigests git;

  CommitResource(Repositories repositories, Commits commits, GitDigests git) {
    this.repositories = repositories;
    this.commits = commits;
    this.git = git;
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  record PreuploadRequest(@NotNull @Size(max = 1_000) List<@NotNull @Valid NewFile> files) {

    /** A file that is to be sent, and its beginning in base64. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record NewFile(
        @NotNull String path, @NotNull @PositiveOrZero Long size, @Nullable String sample) {}
  }

  record PreuploadView(List<FileMode> files, String commitOid) {

    /**
     * How to send a file.
     *
     * @param oid of the bytes that the path has now: who has the same need not send them
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FileMode(String path, String uploadMode, boolean shouldIgnore, @Nullable String oid) {}
  }

  @POST
  @Path(REPOSITORY + "/preupload/{place: .+}")
  @Consumes(MediaType.APPLICATION_JSON)
  public PreuploadView chooseModes(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place,
      @RestQuery("create_pr") @Nullable String pullRequest,
      @Valid @NotNull PreuploadRequest request) {
    refusePullRequest(pullRequest);
    var repository = repositories.repository(kind, project, name);
    var paths = request.files().stream().map(file -> CommitReader.path(file.path())).toList();
    return Drafts.read(() -> {
      var branches = repositories.branches(repository);
      var branch = branches.find(repository, RevisionAddress.whole(place));
      var there = new HashMap<String, FileEntry>();
      branches.own(branch, paths).forEach(file -> there.put(file.path(), file));
      return new PreuploadView(modes(request.files(), there), branch.revision().commit());
    });
  }

  /** Clients compare the oid of a file that is sent in a commit with a digest of Git's. */
  private List<PreuploadView.FileMode> modes(
      List<PreuploadRequest.NewFile> files, Map<String, FileEntry> there) {
    var modes = new LinkedHashMap<PreuploadRequest.NewFile, UploadMode>();
    var same = new ArrayList<FileEntry>();
    for (var file : files) {
      var mode = UploadMode.of(file.path(), file.size(), file.sample());
      modes.put(file, mode);
      var old = there.get(file.path());
      // A file of another size is another file: nobody needs to read it.
      if (mode == UploadMode.REGULAR && old != null && old.size() == file.size()) {
        same.add(old);
      }
    }
    var digests = git.of(same);
    return files.stream()
        .map(file -> {
          var mode = Objects.requireNonNull(modes.get(file));
          var old = there.get(file.path());
          var oid =
              old == null
                  ? null
                  : mode == UploadMode.LFS ? old.sha256().hex() : digests.get(old.sha256());
          return new PreuploadView.FileMode(file.path(), mode.text(), false, oid);
        })
        .toList();
  }

  record CommitAnswer(boolean success, String commitOid, String commitUrl, String hookOutput) {}

  @POST
  @Path(REPOSITORY + "/commit/{place: .+}")
  @Consumes(MediaType.WILDCARD)
  public CommitAnswer commit(
      @RestPath String kind,
      @RestPath String project,
      @RestPath String name,
      @RestPath @Encoded String place,
      @RestQuery("create_pr") @Nullable String pullRequest,
      @Context UriInfo uri,
      @Context HttpHeaders headers,
      InputStream body)
      throws InterruptedException {
    refusePullRequest(pullRequest);
    var repository = repositories.repository(kind, project, name);
    try {
      var commit = commits.commit(repository, RevisionAddress.whole(place), body);
      var address =
          PageLink.base(uri.getRequestUri(), headers::getHeaderString)
              + "/"
              + repository.path()
              + "/commit/"
              + commit;
      return new CommitAnswer(true, commit, address, "");
    } catch (IOException e) {
      throw new ClientGoneException(e);
    }
  }

  private static void refusePullRequest(@Nullable String flag) {
    if (Flags.isSet(flag)) {
      throw new HubException(403, "Pull requests are not supported");
    }
  }
}
