package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.cairn.platform.Sha256;

/** What is known about digests. */
@ApplicationScoped
public class ArtifactService {

  private static final Duration LONGEST_SLACK = Duration.ofHours(1);

  private final ArtifactRepository artifacts;
  private final ArtifactStatusQueries statuses;
  private final CollectionConfig config;

  ArtifactService(
      ArtifactRepository artifacts, ArtifactStatusQueries statuses, CollectionConfig config) {
    this.artifacts = artifacts;
    this.statuses = statuses;
    this.config = config;
  }

  /** The state of each of these digests: any number of them, with one statement. */
  @Transactional
  public Map<Sha256, ArtifactStatus> statuses(Collection<Sha256> digests) {
    return digests.isEmpty() ? Map.of() : statuses.of(digests);
  }

  /**
   * As {@link #statuses}, for clients who are going to name what is here: it stays, whether
   * something names it yet or not, for as long as {@code cairn.gc.grace} says.
   */
  @Transactional
  public Map<Sha256, ArtifactStatus> promise(Collection<Sha256> digests) {
    return digests.isEmpty() ? Map.of() : statuses(digests, artifacts.need(digests, slack()));
  }

  /**
   * As {@link #statuses}, for a transaction that writes rows which name these digests: none of them
   * is collected before it ends, and none afterwards.
   */
  @Transactional(TxType.MANDATORY)
  public Map<Sha256, ArtifactStatus> claim(Collection<Sha256> digests) {
    return digests.isEmpty() ? Map.of() : statuses(digests, artifacts.hold(digests));
  }

  private Map<Sha256, ArtifactStatus> statuses(
      Collection<Sha256> digests, Map<Sha256, StoredArtifact> here) {
    var result = new HashMap<Sha256, ArtifactStatus>();
    here.values().stream()
        .filter(StoredArtifact::isSound)
        .forEach(artifact ->
            result.put(
                artifact.sha256(),
                new ArtifactStatus(ArtifactState.VERIFIED, artifact.size(), null)));
    var others = new HashSet<>(digests);
    others.removeAll(result.keySet());
    statuses(others)
        .forEach((sha256, status) ->
            result.put(
                sha256,
                // Verified between the two statements, and nobody keeps it for the caller.
                status.state() == ArtifactState.VERIFIED
                    ? new ArtifactStatus(ArtifactState.VERIFYING, null, null)
                    : status));
    return result;
  }

  /** Those of {@code digests} whose stored bytes are damaged. */
  @Transactional
  public Map<Sha256, ArtifactStatus> damaged(Collection<Sha256> digests) {
    return digests.isEmpty()
        ? Map.of()
        : artifacts.damaged(digests).stream()
            .collect(Collectors.toMap(sha256 -> sha256, sha256 -> ArtifactStatus.DAMAGED));
  }

  /** Describes bytes that were verified. */
  @Transactional
  public Optional<ArtifactView> find(Sha256 sha256) {
    return artifacts.find(sha256).map(StoredArtifact::view);
  }

  /** Where bytes lie, to be read; refuses those that are damaged. */
  @Transactional
  Optional<StoredArtifact> stored(Sha256 sha256) {
    return artifacts.find(sha256).map(StoredArtifact::readable);
  }

  /** As {@link #stored(Sha256)}, for any number, with one statement. */
  @Transactional
  Map<Sha256, StoredArtifact> stored(Collection<Sha256> digests) {
    var stored = artifacts.select(Set.copyOf(digests));
    stored.values().forEach(StoredArtifact::readable);
    return stored;
  }

  /** Bytes that need not be sent: they are here and stay for a while. */
  @Transactional
  Optional<StoredArtifact> promised(Sha256 sha256) {
    return artifacts.need(List.of(sha256), slack()).values().stream()
        .filter(StoredArtifact::isSound)
        .findFirst();
  }

  /** Those of {@code digests} that need not be sent, in their order. */
  @Transactional
  List<Sha256> known(Collection<Sha256> digests) {
    var here = artifacts.need(digests, slack());
    return new LinkedHashSet<>(digests)
        .stream().filter(sha256 -> here.containsKey(sha256) && here.get(sha256).isSound()).toList();
  }

  /**
   * That something was needed is written down again only after this: most answers write nothing.
   */
  private Duration slack() {
    var slack = config.grace().dividedBy(8);
    return slack.compareTo(LONGEST_SLACK) < 0 ? slack : LONGEST_SLACK;
  }
}
