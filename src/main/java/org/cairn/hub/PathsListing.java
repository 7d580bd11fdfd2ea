package org.cairn.hub;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.cairn.platform.Names;

/** Those of some paths that are there, files and folders. */
final class PathsListing {

  /** Most paths of one question. */
  static final int MOST = 1_000;

  private PathsListing() {}

  static List<EntryView> read(Revision revision, List<String> asked, boolean expand) {
    if (asked.size() > MOST) {
      throw new HubException(413, "At most " + MOST + " paths can be asked for at once");
    }
    var paths = new LinkedHashSet<String>();
    for (var path : asked) {
      var bare = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
      if (Names.faultOfPath(bare).isEmpty()) {
        paths.add(bare);
      }
    }
    var entries = new ArrayList<EntryView>();
    if (!paths.isEmpty()) {
      for (var file : revision.files().files(paths)) {
        entries.add(EntryView.file(file, revision, expand));
        paths.remove(file.path());
      }
    }
    if (!paths.isEmpty()) {
      for (var folder : revision.files().folders(paths)) {
        entries.add(EntryView.folder(folder, revision, expand));
      }
    }
    return entries;
  }
}
