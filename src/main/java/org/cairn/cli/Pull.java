package org.cairn.cli;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import org.cairn.platform.Sha256;

/**
 * Makes a folder hold what the registry has. A file appears under its name only once all its bytes
 * are there and right; bytes that several files share are fetched once.
 */
final class Pull {

  private final Api api;
  private final Console console;
  private final OutputFolder out;
  private final int jobs;
  private final Retry retry;
  private final PullCounts counts = new PullCounts();

  Pull(Api api, Console console, OutputFolder out, int jobs, Retry retry) {
    this.api = api;
    this.console = console;
    this.out = out;
    this.jobs = jobs;
    this.retry = retry;
  }

  PullCounts counts() {
    return counts;
  }

  void run(List<RemoteFile> files) {
    // All paths are looked at before the first byte is written.
    files.forEach(file -> out.target(file.path()));
    out.refuseTwins(files.stream().map(RemoteFile::path).toList());
    counts.files.set(files.size());
    var present = new ConcurrentHashMap<Sha256, Path>();
    var wanted = wanted(files, present);
    var toFetch = new LinkedHashMap<>(wanted);
    toFetch.keySet().removeAll(present.keySet());
    var bytes = toFetch.values().stream().mapToLong(group -> group.getFirst().size()).sum();
    requireSpace(wanted, bytes);
    console.say(
        "%d files, %d right already; %s to fetch"
            .formatted(files.size(), counts.filesRight.get(), Sizes.bytes(bytes)));
    try (var progress = Progress.of(console, "Downloading", bytes)) {
      var downloader = new Downloader(api, out.staging(), progress, counts, retry);
      var tasks =
          wanted.values().stream()
              .<Callable<Boolean>>map(group -> () -> bring(group, present, downloader))
              .toList();
      Parallel.all(jobs, tasks);
    }
  }

  /** The files that are not there yet, by digest. */
  private Map<Sha256, List<RemoteFile>> wanted(List<RemoteFile> files, Map<Sha256, Path> present) {
    var right = right(files);
    var wanted = new LinkedHashMap<Sha256, List<RemoteFile>>();
    for (int i = 0; i < files.size(); i++) {
      var file = files.get(i);
      if (right.get(i)) {
        counts.filesRight.incrementAndGet();
        present.put(file.sha256(), out.target(file.path()));
      } else {
        wanted.computeIfAbsent(file.sha256(), digest -> new ArrayList<>()).add(file);
      }
    }
    return wanted;
  }

  /** Which of {@code files} are there and right, in their order. */
  private List<Boolean> right(List<RemoteFile> files) {
    var total = files.stream().filter(this::isThere).mapToLong(RemoteFile::size).sum();
    if (total == 0) {
      return files.stream().map(file -> isRight(file, n -> {})).toList();
    }
    try (var progress = Progress.of(console, "Checking", total)) {
      var checks =
          files.stream()
              .<Callable<Boolean>>map(file -> () -> isRight(file, progress::add))
              .toList();
      return Parallel.all(Runtime.getRuntime().availableProcessors(), checks);
    }
  }

  private boolean isThere(RemoteFile file) {
    var target = out.target(file.path());
    try {
      return Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
          && Files.size(target) == file.size();
    } catch (IOException e) {
      return false; // it will be replaced
    }
  }

  private boolean isRight(RemoteFile file, LongConsumer read) {
    try {
      return isThere(file)
          && Digests.hash(out.target(file.path()), file.size(), read).equals(file.sha256());
    } catch (IOException e) {
      return false; // it will be replaced
    }
  }

  private void requireSpace(Map<Sha256, List<RemoteFile>> wanted, long bytes) {
    long all = wanted.values().stream().flatMap(List::stream).mapToLong(RemoteFile::size).sum();
    try {
      var usable = Files.getFileStore(out.root()).getUsableSpace();
      if (usable > 0 && usable < all) {
        throw new CliException(
            ExitCode.FAILED,
            "%s of free space are needed in %s (%s of them from the registry), there are %s"
                .formatted(Sizes.bytes(all), out.root(), Sizes.bytes(bytes), Sizes.bytes(usable)));
      }
    } catch (IOException e) {
      console.warn("cannot tell how much space is free in " + out.root());
    }
  }

  /** Puts one digest in all its places; what goes wrong is recorded and does not stop the rest. */
  private boolean bring(List<RemoteFile> group, Map<Sha256, Path> present, Downloader downloader) {
    var first = group.getFirst();
    try {
      var source = present.get(first.sha256());
      int copies = 0;
      if (source == null) {
        var fetched = downloader.fetch(first);
        counts.artifactsDownloaded.incrementAndGet();
        source = out.target(first.path());
        place(fetched, source);
        copies = 1;
      }
      for (var file : group.subList(copies, group.size())) {
        var copy = out.staging().resolve(file.sha256().hex() + ".copy");
        Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
        place(copy, out.target(file.path()));
        counts.filesCopied.incrementAndGet();
      }
      return true;
    } catch (CliException e) {
      counts.failures.add(e);
      if (e.exitCode() == ExitCode.UNREACHABLE) {
        throw e; // the others would wait as long and fail alike
      }
    } catch (IOException e) {
      counts.failures.add(first.path() + ": " + FolderWalk.reason(e), ExitCode.FAILED);
    }
    return false;
  }

  private static void place(Path complete, Path target) throws IOException {
    var folder = target.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    try {
      Files.move(complete, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(complete, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
