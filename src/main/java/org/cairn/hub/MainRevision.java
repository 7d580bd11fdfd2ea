package org.cairn.hub;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.cairn.platform.FileEntry;
import org.cairn.platform.FileSlice;
import org.cairn.platform.Sha1;
import org.cairn.run.RunFolderService;
import org.cairn.tensor.TensorService;

/**
 * What was committed to main over the files of the checkpoint that stands for the run: it is there,
 * whatever else is. Where weights were committed to it, main shows no checkpoint beneath: weights
 * of two origins are no model.
 */
record MainRevision(
    Revision beneath, RunFolderService.State state, RunFolderService folder, TensorService tensors)
    implements RevisionFiles {

  static Revision of(
      Revision checkpoint,
      RunFolderService.State state,
      RunFolderService folder,
      TensorService tensors) {
    var repository = checkpoint.repository();
    var beneath =
        state.weights() ? RepositorySource.empty(repository, checkpoint.name()) : checkpoint;
    return new Revision(
        repository,
        checkpoint.name(),
        Sha1.of("cairn.main/1\n" + beneath.commit() + "\n" + state.digest() + "\n"),
        state.weights() ? "Files of the run" : checkpoint.title(),
        state.since().isAfter(beneath.date()) ? state.since() : beneath.date(),
        new MainRevision(beneath, state, folder, tensors));
  }

  @Override
  public List<FileEntry> list(FileSlice slice) {
    var files =
        new TreeMap<String, FileEntry>((a, b) ->
            Arrays.compareUnsigned(
                a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8)));
    beneath.files().list(slice).forEach(file -> files.put(file.path(), file));
    own(slice).forEach(file -> files.put(file.path(), file));
    return files.values().stream().limit(slice.limit()).toList();
  }

  private List<FileEntry> own(FileSlice slice) {
    return folder.list(runId(), slice);
  }

  @Override
  public List<FileEntry> files(Collection<String> paths) {
    var files = new TreeMap<String, FileEntry>();
    beneath.files().files(paths).forEach(file -> files.put(file.path(), file));
    folder.files(runId(), paths).forEach(file -> files.put(file.path(), file));
    return List.copyOf(files.values());
  }

  @Override
  public Set<String> folders(Collection<String> paths) {
    var folders = new HashSet<>(beneath.files().folders(paths));
    folders.addAll(folder.folders(runId(), paths));
    return folders;
  }

  @Override
  public Map<String, Long> parameters() {
    return state.weights()
        ? tensors.elements(folder.weights(runId()))
        : beneath.files().parameters();
  }

  private java.util.UUID runId() {
    return beneath.repository().memberId();
  }
}
