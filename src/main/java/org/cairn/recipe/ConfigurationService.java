package org.cairn.recipe;

import jakarta.data.Limit;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cairn.api.Idempotency;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.api.Versioned;
import org.cairn.artifact.ArtifactReader;
import org.cairn.artifact.ArtifactService;
import org.cairn.artifact.ArtifactState;
import org.cairn.platform.Sha256;
import org.cairn.project.ProjectRef;
import org.cairn.project.ProjectService;
import org.jspecify.annotations.Nullable;

/** The rules of configurations. */
@ApplicationScoped
public class ConfigurationService {

  private final ConfigurationRepository configurations;
  private final ConfigurationQueries queries;
  private final ProjectService projects;
  private final ArtifactService artifacts;
  private final ArtifactReader reader;
  private final Idempotency idempotency;
  private final Clock clock;

  ConfigurationService(
      ConfigurationRepository configurations,
      ConfigurationQueries queries,
      ProjectService projects,
      ArtifactService artifacts,
      ArtifactReader reader,
      Idempotency idempotency,
      Clock clock) {
    this.configurations = configurations;
    this.queries = queries;
    this.projects = projects;
    this.artifacts = artifacts;
    this.reader = reader;
    this.idempotency = idempotency;
    this.clock = clock;
  }

  /** Whether a project has this configuration. */
  public boolean exists(String project, UUID id) {
    return queries.byId(projects.idOf(project), id).isPresent();
  }

  /** Registers a configuration by the digest of its bytes, or finds it. */
  public ConfigurationView ensure(String project, String name, Sha256 raw) {
    return create(project, new CreateConfigurationRequest(name, raw, null, null), null)
        .configuration();
  }

  /** Reads the bytes first: the object store takes no part in a transaction. */
  ConfigurationCreated create(
      String project, CreateConfigurationRequest request, @Nullable String key) {
    var owner = projects.ref(project);
    var parsed = parse(request);
    return store(owner, request, parsed, key);
  }

  @Transactional
  ConfigurationCreated store(
      ProjectRef owner,
      CreateConfigurationRequest request,
      RawConfiguration parsed,
      @Nullable String key) {
    return idempotency.once(
        "createConfiguration " + owner.id(),
        key,
        request,
        ConfigurationCreated.class,
        () -> {
          if (request.raw() != null) {
            checkHere(request.raw());
          }
          var created = configurations.insert(owner.id(), request, parsed, clock.instant());
          return new ConfigurationCreated(
              configurations.equal(owner.id(), request, parsed).view(true), created);
        });
  }

  /** A configuration with all that is known of it. */
  public Versioned<ConfigurationView> get(String project, UUID id) {
    var found =
        queries
            .byId(projects.idOf(project), id)
            .orElseThrow(() -> RegistryException.notFound("configuration", id));
    return new Versioned<>(found.view(true), 0);
  }

  /** How many characters of JSON these configurations have. */
  public long sizeOf(Collection<UUID> ids) {
    return ids.isEmpty() ? 0 : queries.sizeOf(ids);
  }

  /** These configurations, whatever their projects, with all that is known of them. */
  public Map<UUID, ConfigurationView> byIds(Collection<UUID> ids) {
    return ids.isEmpty()
        ? Map.of()
        : queries.byIds(ids).stream()
            .collect(Collectors.toMap(Configuration::id, found -> found.view(true)));
  }

  PageView<ConfigurationView> list(
      String project, @Nullable String name, @Nullable String pageToken, int size) {
    var from = PageToken.newest(pageToken);
    var rows =
        queries.newestBefore(
            projects.idOf(project),
            name == null ? "" : name,
            from.createdAt(),
            from.id(),
            Limit.of(size + 1));
    return PageView.of(
        rows, size, row -> row.view(false), row -> PageToken.of(row.createdAt(), row.id()));
  }

  private RawConfiguration parse(CreateConfigurationRequest request) {
    var raw = request.raw();
    var resolved = request.resolved();
    if (resolved == null) {
      if (raw == null) {
        throw RegistryException.invalid("raw", "is needed where resolved is absent");
      }
      return parse(raw);
    }
    if (raw != null) {
      sizeOf(raw); // refuses what is not here
    }
    return RawConfiguration.resolved(resolved);
  }

  private RawConfiguration parse(Sha256 raw) {
    if (sizeOf(raw) > RawConfiguration.MAX_BYTES) {
      return RawConfiguration.failed(
          "is larger than the " + RawConfiguration.MAX_BYTES + " bytes that are parsed");
    }
    try {
      return RawConfiguration.parse(reader.read(raw, RawConfiguration.MAX_BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException("The bytes of " + raw + " cannot be read", e);
    }
  }

  /** They were when they were read. */
  private void checkHere(Sha256 raw) {
    var status = artifacts.claim(List.of(raw)).get(raw);
    if (status == null || status.state() != ArtifactState.VERIFIED) {
      throw RegistryException.invalid("raw", "is no verified artifact: " + raw);
    }
  }

  private long sizeOf(Sha256 raw) {
    return artifacts
        .find(raw)
        .orElseThrow(() -> RegistryException.invalid("raw", "is no verified artifact: " + raw))
        .size();
  }
}
