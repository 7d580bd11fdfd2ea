package org.cairn.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run as the registry has it, in a handful of requests however many checkpoints there are.
 *
 * @param view null where there is no such run
 * @param segments their names in lower case
 * @param checkpoints by every label they have
 * @param files run files: digest by path
 */
record RemoteRun(
    @Nullable Answer view,
    Set<String> segments,
    Map<String, Checkpoint> checkpoints,
    Map<String, String> files) {

  RemoteRun {
    segments = Set.copyOf(segments);
    checkpoints = Map.copyOf(checkpoints);
    files = Map.copyOf(files);
  }

  /** A checkpoint: the digest of each file by path. */
  record Checkpoint(String label, String state, Map<String, String> files) {

    Checkpoint {
      files = Map.copyOf(files);
    }

    static Checkpoint of(Answer answer) {
      return new Checkpoint(answer.text("label"), answer.text("state"), filesOf(answer));
    }

    boolean sealed() {
      return state.equals("sealed");
    }

    boolean draft() {
      return state.equals("draft");
    }
  }

  static RemoteRun read(Api api, RunAddress address) {
    var view = api.find(address.path());
    if (view.isEmpty()) {
      return new RemoteRun(null, Set.of(), Map.of(), Map.of());
    }
    var segments = new HashSet<String>();
    for (var segment : segments(api, address)) {
      segments.add(segment.text("name").toLowerCase(Locale.ROOT));
    }
    var checkpoints = new HashMap<String, Checkpoint>();
    api.pages(
        address.path() + "/checkpoints?include=files&pageSize=2000",
        item -> {
          var checkpoint = Checkpoint.of(item);
          checkpoints.put(checkpoint.label(), checkpoint);
          item.texts("labels").forEach(label -> checkpoints.put(label, checkpoint));
        });
    var files = new HashMap<String, String>();
    api.pages(
        address.path() + "/files?pageSize=500",
        item -> files.put(item.text("path"), item.sha256("sha256").hex()));
    return new RemoteRun(view.get(), segments, checkpoints, files);
  }

  static List<Answer> segments(Api api, RunAddress address) {
    return new ArrayList<>(api.all(address.path() + "/segments"));
  }

  boolean exists() {
    return view != null;
  }

  /** The files of one checkpoint: digest by path. */
  static Map<String, String> filesOf(Api api, RunAddress address, String label) {
    return filesOf(api.get(address.checkpointPath(label)));
  }

  private static Map<String, String> filesOf(Answer answer) {
    var files = new HashMap<String, String>();
    for (var file : answer.requireList("files")) {
      files.put(file.text("path"), file.sha256("sha256").hex());
    }
    return files;
  }
}
