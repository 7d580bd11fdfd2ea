package org.cairn.artifact;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.cairn.artifact.BucketFolder.Standing;
import org.cairn.artifact.PlanRepository.Item;
import org.cairn.storage.ObjectKey;

/**
 * Carries a plan out, a batch with each transaction: asks again whether anybody needs what is in
 * it, takes the rows away and notes the objects, which are deleted later.
 */
@ApplicationScoped
class SweepService {

  /** Each may have thousands of tensors. */
  private static final int ARTIFACTS = 100;

  private static final int OBJECTS = 1_000;

  private final PlanRepository plans;
  private final ArtifactRepository artifacts;
  private final UploadRepository uploads;
  private final ObjectRemovals removals;
  private final MarkService marks;
  private final ArtifactInspector inspector;
  private final List<BucketFolder> folders;
  private final CollectionConfig config;

  SweepService(
      PlanRepository plans,
      ArtifactRepository artifacts,
      UploadRepository uploads,
      ObjectRemovals removals,
      MarkService marks,
      ArtifactInspector inspector,
      @All List<BucketFolder> folders,
      CollectionConfig config) {
    this.plans = plans;
    this.artifacts = artifacts;
    this.uploads = uploads;
    this.removals = removals;
    this.marks = marks;
    this.inspector = inspector;
    this.folders = folders;
    this.config = config;
  }

  /**
   * Takes the next artifacts away, whether there were any.
   *
   * <p>Whoever names an artifact locks its row in the transaction that writes the name. So either
   * that transaction has ended, and the question asked here under the lock of the row sees the
   * name; or it is under way, and the row is passed over; or it waits for this one, and sees that
   * the bytes are gone. Nothing depends on clocks.
   */
  @Transactional
  boolean artifacts(UUID plan) {
    var items = open(plan, PlanReason.UNREFERENCED, ARTIFACTS);
    if (items.isEmpty()) {
      return false;
    }
    var digests = items.stream().map(Item::sha256).filter(Objects::nonNull).toList();
    var locked = artifacts.lockIdle(digests, config.grace());
    var free = marks.unnamed(locked.keySet());
    if (!free.isEmpty()) {
      // What was indexed of bytes that are on their way must be there when they arrive.
      free.removeAll(uploads.sent(free));
    }
    if (!free.isEmpty()) {
      inspector.forget(free);
      artifacts.delete(free);
      removals.add(
          free.stream()
              .map(sha256 -> Objects.requireNonNull(locked.get(sha256)).key().value())
              .toList());
    }
    plans.decide(
        plan,
        items,
        items.stream()
            .filter(item -> item.sha256() != null && free.contains(item.sha256()))
            .toList());
    return true;
  }

  /** Takes the next objects of uploads away that are over; whether there were any. */
  @Transactional
  boolean orphans(UUID plan) {
    var items = open(plan, PlanReason.ORPHAN, OBJECTS);
    var states = items.isEmpty() ? Map.<ObjectKey, PlanReason>of() : marks.states(keys(items));
    return sweep(
        plan,
        items,
        items.stream()
            .filter(item -> states.get(new ObjectKey(item.key())) == PlanReason.ORPHAN)
            .toList());
  }

  /** Takes the next small objects away that nobody will ever need; whether there were any. */
  @Transactional
  boolean abandoned(UUID plan) {
    var items = open(plan, PlanReason.ABANDONED, OBJECTS);
    var standings = new HashMap<ObjectKey, Standing>();
    for (var folder : folders) {
      var beginning = folder.folder() + "/";
      var its = keys(items).stream().filter(key -> key.value().startsWith(beginning)).toList();
      if (!its.isEmpty()) {
        standings.putAll(folder.standings(its));
      }
    }
    return sweep(
        plan,
        items,
        items.stream()
            .filter(item -> standings.get(new ObjectKey(item.key())) == Standing.ABANDONED)
            .toList());
  }

  /** The store was told to drop the unfinished uploads that nobody needs. */
  @Transactional
  boolean uploads(UUID plan) {
    var items = open(plan, PlanReason.STALE_UPLOAD, OBJECTS);
    if (!items.isEmpty()) {
      plans.decide(plan, items, items);
    }
    return !items.isEmpty();
  }

  private boolean sweep(UUID plan, List<Item> items, List<Item> swept) {
    if (!swept.isEmpty()) {
      removals.add(new HashSet<>(swept.stream().map(Item::key).toList()));
    }
    if (!items.isEmpty()) {
      plans.decide(plan, items, swept);
    }
    return !items.isEmpty();
  }

  /** Nothing where the plan was cancelled; until the transaction ends it cannot be. */
  private List<Item> open(UUID plan, PlanReason reason, int limit) {
    return plans
        .lock(plan)
        .filter(view -> view.state() == PlanState.SWEEPING)
        .map(view -> plans.open(plan, reason, limit))
        .orElse(List.of());
  }

  private static List<ObjectKey> keys(List<Item> items) {
    return items.stream().map(item -> new ObjectKey(item.key())).toList();
  }
}
