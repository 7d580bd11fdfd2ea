package org.cairn.artifact;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.arc.All;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.cairn.api.Idempotency;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.artifact.BucketFolder.Standing;
import org.cairn.artifact.ScrubRepository.Counts;
import org.cairn.artifact.ScrubRepository.Place;
import org.cairn.artifact.ScrubRepository.Step;
import org.cairn.artifact.ScrubRepository.Target;
import org.cairn.artifact.Scrubber.Found;
import org.cairn.job.JobService;
import org.jspecify.annotations.Nullable;

/** The life of passes, and what becomes of objects that {@link ScrubJob} has read. */
@ApplicationScoped
class ScrubService {

  private static final String ARTIFACTS = UploadCleaner.FOLDER.value();

  private final ScrubRepository scrubs;
  private final ArtifactRepository artifacts;
  private final List<BucketFolder> folders;
  private final Event<ArtifactCondition> conditions;
  private final JobService jobs;
  private final Idempotency idempotency;
  private final ScrubConfig config;
  private final Clock clock;

  ScrubService(
      ScrubRepository scrubs,
      ArtifactRepository artifacts,
      @All List<BucketFolder> folders,
      Event<ArtifactCondition> conditions,
      JobService jobs,
      Idempotency idempotency,
      ScrubConfig config,
      Clock clock) {
    this.scrubs = scrubs;
    this.artifacts = artifacts;
    this.folders =
        folders.stream().sorted(Comparator.comparing(folder -> folder.folder().value())).toList();
    this.conditions = conditions;
    this.jobs = jobs;
    this.idempotency = idempotency;
    this.config = config;
    this.clock = clock;
  }

  /** Begins a pass; there is one at a time. */
  @Transactional
  ScrubView start(@Nullable String idempotencyKey) {
    return get(
        idempotency.once(
            "createScrub",
            idempotencyKey,
            "",
            UUID.class,
            () ->
                begin()
                    .orElseThrow(() -> RegistryException.conflict("A pass is under way already"))));
  }

  /** Begins a pass where it is time to. */
  @Transactional
  boolean startIfDue() {
    return !config.every().isZero()
        && scrubs
            .last()
            .filter(pass -> pass.alive() || pass.age().compareTo(config.every()) < 0)
            .isEmpty()
        && begin().isPresent();
  }

  private Optional<UUID> begin() {
    var id = UUID.randomUUID();
    if (!scrubs.insert(id, ARTIFACTS)) {
      return Optional.empty();
    }
    var payload = JsonNodeFactory.instance.objectNode().put("scrub", id.toString());
    scrubs.carriedBy(id, jobs.enqueue(ScrubJob.KIND, "everything", payload, get(id).totalBytes()));
    return Optional.of(id);
  }

  @Transactional
  ScrubView get(UUID id) {
    return scrubs.find(id).orElseThrow(() -> RegistryException.notFound("scrub", id));
  }

  @Transactional
  PageView<ScrubView> list(@Nullable String pageToken, int size) {
    return PageView.of(
        scrubs.newestBefore(PageToken.newest(pageToken), size + 1),
        size,
        pass -> pass,
        pass -> PageToken.of(pass.createdAt(), pass.id()));
  }

  /** Everything that is damaged now. */
  @Transactional
  PageView<DamagedView> damaged(@Nullable String pageToken, int size) {
    var from = PageToken.parse(pageToken, 1);
    return PageView.of(
        scrubs.damaged(from == null ? "" : from.key().getFirst(), size + 1),
        size,
        object -> object,
        object -> new PageToken(List.of(object.key())));
  }

  @Transactional
  Counts counts() {
    return scrubs.counts();
  }

  /** Some objects that are to be read next, and in which folder they are. */
  record Work(String folder, List<Target> targets) {}

  /** What comes next; empty where the pass is over. */
  @Transactional
  Optional<Work> next(UUID id, int limit) {
    var place = scrubs.place(id).orElse(null);
    while (place != null) {
      var targets = targets(place, limit);
      if (!targets.isEmpty()) {
        return Optional.of(new Work(place.folder(), targets));
      }
      place = following(id, place.folder());
    }
    return Optional.empty();
  }

  private List<Target> targets(Place place, int limit) {
    if (place.folder().equals(ARTIFACTS)) {
      return artifacts.page(place.position(), limit).stream()
          .map(artifact ->
              new Target(
                  artifact.sha256().hex(),
                  artifact.key(),
                  artifact.sha256(),
                  artifact.size(),
                  true,
                  null))
          .toList();
    }
    return folder(place.folder()).named(place.position(), limit).stream()
        .map(object ->
            new Target(
                object.position(), object.key(), object.sha256(), null, false, object.copy()))
        .toList();
  }

  private BucketFolder folder(String name) {
    return folders.stream()
        .filter(folder -> folder.folder().value().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Goes on with the next folder; null where there is none, and the pass done. */
  private @Nullable Place following(UUID id, String folder) {
    var names = new ArrayList<>(List.of(ARTIFACTS));
    folders.forEach(other -> names.add(other.folder().value()));
    int next = names.indexOf(folder) + 1;
    if (next == names.size()) {
      scrubs.end(id, ScrubState.DONE, null);
      return null;
    }
    scrubs.enter(id, names.get(next));
    return new Place(names.get(next), "");
  }

  /**
   * Writes down what an object was found to be.
   *
   * @param putBack whether it was damaged and has been replaced by the catalogue's copy
   */
  @Transactional
  void examined(UUID id, String folder, Target target, Found found, boolean putBack) {
    var damage = found.damage();
    boolean damaged = damage != null;
    boolean healed = putBack;
    if (target.isArtifact()) {
      if (damage == null) {
        healed = scrubs.sound(target);
        if (healed) {
          tell(target, found, clock.instant());
        }
      } else {
        var marked = scrubs.damaged(target, damage);
        damaged = marked.isPresent(); // else it was collected or replaced while it was read
        if (marked.isPresent() && marked.get().news()) {
          Log.errorf("The stored bytes of %s are damaged: %s", target.key(), damage.text());
          tell(target, found, marked.get().since());
        }
      }
    } else if (damage == null || putBack) {
      healed |= scrubs.noteSound(target);
    } else {
      var home = folder(folder);
      damaged = home.standings(List.of(target.key())).get(target.key()) == Standing.KNOWN;
      healed = damaged && home.renew(target.key());
      if (healed) {
        Log.errorf("%s was damaged and is written anew: %s", target.key(), damage.text());
      } else if (damaged) {
        Log.errorf("%s is damaged, and nobody has a copy: %s", target.key(), damage.text());
        scrubs.noteDamaged(target, damage);
      } // else another took its place while it was read
    }
    var bytes = found.size() == null ? 0 : found.size();
    scrubs.advance(
        id,
        new Step(new Place(folder, target.position()), bytes, damaged ? 1 : 0, healed ? 1 : 0, 0));
  }

  private void tell(Target target, Found found, Instant since) {
    conditions.fire(
        new ArtifactCondition(
            target.sha256(),
            target.key(),
            found.damage(),
            Objects.requireNonNull(target.size()),
            found.size(),
            since));
  }

  /** An object could not be read; answers how often in a row. */
  @Transactional
  int failed(UUID id) {
    return scrubs.failed(id);
  }

  /** An object that cannot be read must not keep the others from being read. */
  @Transactional
  void passOver(UUID id, String folder, Target target) {
    scrubs.advance(id, new Step(new Place(folder, target.position()), 0, 0, 0, 1));
  }

  @Transactional
  void cancel(UUID id, String failure) {
    scrubs.end(id, ScrubState.CANCELLED, failure);
  }
}
