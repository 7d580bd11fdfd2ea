package org.cairn.artifact;

import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.cairn.artifact.BucketFolder.Standing;
import org.cairn.artifact.PlanRepository.Item;
import org.cairn.platform.Sha256;
import org.cairn.storage.MultipartUpload;
import org.cairn.storage.ObjectInfo;
import org.cairn.storage.ObjectKey;

/** Finds what nobody needs, a batch with each transaction, and writes it into a plan. */
@ApplicationScoped
class MarkService {

  private static final int BATCH = 1_000;

  private static final Map<Standing, PlanReason> REASONS =
      new EnumMap<>(
          Map.of(
              Standing.ABANDONED, PlanReason.ABANDONED,
              Standing.UNKNOWN, PlanReason.UNKNOWN,
              Standing.AHEAD, PlanReason.AHEAD));

  private final PlanRepository plans;
  private final ArtifactRepository artifacts;
  private final UploadRepository uploads;
  private final ObjectRemovals removals;
  private final List<ArtifactReferences> references;
  private final CollectionConfig config;

  MarkService(
      PlanRepository plans,
      ArtifactRepository artifacts,
      UploadRepository uploads,
      ObjectRemovals removals,
      @All List<ArtifactReferences> references,
      CollectionConfig config) {
    this.plans = plans;
    this.artifacts = artifacts;
    this.uploads = uploads;
    this.removals = removals;
    this.references = references;
    this.config = config;
  }

  /** An earlier run may have been broken off. */
  @Transactional
  void beginAnew(UUID plan) {
    plans.clear(plan);
  }

  /** Looks at the artifacts after {@code after}; answers after which the next ones are, if any. */
  @Transactional
  Optional<String> artifacts(UUID plan, String after) {
    var idle = artifacts.idle(after, config.grace(), BATCH);
    var free = unnamed(idle.stream().map(StoredArtifact::sha256).toList());
    plans.add(
        plan,
        idle.stream()
            .filter(artifact -> free.contains(artifact.sha256()))
            .map(artifact ->
                new Item(
                    artifact.key().value(),
                    PlanReason.UNREFERENCED,
                    artifact.sha256(),
                    artifact.size()))
            .toList());
    return idle.size() < BATCH ? Optional.empty() : Optional.of(idle.getLast().sha256().hex());
  }

  /** Those of {@code digests} that nothing names. */
  Set<Sha256> unnamed(Collection<Sha256> digests) {
    var free = new HashSet<>(digests);
    for (var naming : references) {
      if (!free.isEmpty()) {
        free.removeAll(naming.among(free));
      }
    }
    return free;
  }

  /** Looks at objects in the folder of artifacts. */
  @Transactional
  void objects(UUID plan, List<ObjectInfo> listed) {
    var states = states(listed.stream().map(ObjectInfo::key).toList());
    var items = new ArrayList<Item>();
    for (var object : listed) {
      var reason = states.get(object.key());
      if (reason != null) {
        items.add(new Item(object.key().value(), reason, null, object.size()));
      }
    }
    plans.add(plan, items);
  }

  /**
   * Why these objects are no artifact's and not about to be. The order of the questions matters: an
   * upload that is over by the first one has become an artifact by the second one, or never will.
   * An upload has a row before it has an object: where there is none, the catalogue has lost it.
   */
  Map<ObjectKey, PlanReason> states(Collection<ObjectKey> keys) {
    var ids = new HashMap<ObjectKey, UUID>();
    keys.forEach(key -> UploadCleaner.uploadOf(key).ifPresent(id -> ids.put(key, id)));
    var states = uploads.states(ids.values());
    var texts = keys.stream().map(ObjectKey::value).toList();
    var needed = new HashSet<>(artifacts.keysAmong(texts));
    needed.addAll(removals.among(texts));
    var reasons = new HashMap<ObjectKey, PlanReason>();
    ids.forEach((key, id) -> {
      var state = states.get(id);
      if (needed.contains(key.value())
          || state == UploadState.OPEN
          || state == UploadState.VERIFYING) {
        return;
      }
      reasons.put(key, state == null ? PlanReason.UNKNOWN : PlanReason.ORPHAN);
    });
    return reasons;
  }

  /** Looks at objects in the folder of somebody else. */
  @Transactional
  void objects(UUID plan, BucketFolder folder, List<ObjectInfo> listed) {
    var standings = folder.standings(listed.stream().map(ObjectInfo::key).toList());
    var items = new ArrayList<Item>();
    for (var object : listed) {
      var standing = standings.get(object.key());
      var reason = standing == null ? null : REASONS.get(standing);
      if (reason != null) {
        items.add(new Item(object.key().value(), reason, null, object.size()));
      }
    }
    plans.add(plan, items);
  }

  /** Whether one of these shows that the catalogue is older than the bucket. */
  @Transactional
  boolean isAhead(BucketFolder folder, List<ObjectInfo> listed) {
    return folder
        .standings(listed.stream().map(ObjectInfo::key).toList())
        .containsValue(Standing.AHEAD);
  }

  /** Notes multipart uploads that no upload needs. */
  @Transactional
  void uploads(UUID plan, Collection<MultipartUpload> stale) {
    plans.add(
        plan,
        stale.stream()
            .map(upload -> new Item(upload.key().value(), PlanReason.STALE_UPLOAD, null, null))
            .toList());
  }
}
