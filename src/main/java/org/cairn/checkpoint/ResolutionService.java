package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.cairn.access.Access;
import org.cairn.access.ReadScope;
import org.cairn.api.PageToken;
import org.cairn.api.RegistryException;
import org.cairn.checkpoint.LabelResolution.How;
import org.cairn.checkpoint.LabelResolution.Match;
import org.cairn.checkpoint.ResolutionQueries.Found;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.LabelGrammars;
import org.cairn.platform.ParsedLabel;
import org.cairn.platform.ParsedLabel.Counts;
import org.cairn.platform.RoundedTokens;
import org.cairn.run.RunRef;
import org.cairn.run.RunService;
import org.jspecify.annotations.Nullable;

/** Finds the checkpoints that any label may mean. */
@ApplicationScoped
class ResolutionService {

  /** Most checkpoints of a run that are shown of one step. */
  private static final int SPELLED_MAX = 100;

  private static final UUID FIRST = new UUID(0, 0);

  private final ResolutionQueries queries;
  private final CheckpointCommitQueries steps;
  private final CheckpointReader reader;
  private final RunService runs;
  private final Access access;

  ResolutionService(
      ResolutionQueries queries,
      CheckpointCommitQueries steps,
      CheckpointReader reader,
      RunService runs,
      Access access) {
    this.queries = queries;
    this.steps = steps;
    this.reader = reader;
    this.runs = runs;
    this.access = access;
  }

  /**
   * Who has this label or had it. Where nobody in the run in question has it, also the checkpoints
   * of that run of which is true what it says.
   *
   * @param run name of a run of {@code project}; null for all runs, and then the run in question is
   *     the one that the label names, if any
   */
  @Transactional
  LabelResolution resolve(
      String label,
      @Nullable String project,
      @Nullable String run,
      @Nullable String pageToken,
      int size) {
    var fault = JsonLimits.faultOfText(label);
    if (label.isEmpty() || !fault.isEmpty()) {
      throw RegistryException.invalid("label", label.isEmpty() ? "must not be empty" : fault);
    }
    if ((project == null) != (run == null)) {
      throw RegistryException.invalid(
          project == null ? "project" : "run", "project and run come together");
    }
    var from = PageToken.parse(pageToken, 1);
    var said = LabelGrammars.parse(label);
    var within =
        project == null || run == null
            ? said.flatMap(this::repository)
            : Optional.of(readable(project, run));
    var rows =
        queries.byLabel(
            label,
            project == null ? null : within.map(RunRef::id).orElse(null),
            access.scope(),
            from == null ? FIRST : from.id(0),
            size + 1);
    var more = rows.size() > size;
    var shown = more ? rows.subList(0, size) : rows;
    var tokens = said.map(ParsedLabel::tokens).orElse(null);
    var matches = new ArrayList<Match>();
    if (from == null && within.isPresent() && shown.stream().noneMatch(isNow(within.get()))) {
      matches.addAll(meant(within.get(), label, said.orElse(null)));
    }
    shown.forEach(found -> matches.add(match(found, byLabel(found), tokens)));
    return new LabelResolution(
        label,
        said.map(LabelResolution.Said::of).orElse(null),
        matches,
        more ? new PageToken(List.of(shown.getLast().labelId().toString())).toString() : null);
  }

  private RunRef readable(String project, String run) {
    var ref = runs.ref(project, run);
    if (!access.mayRead(ref.project(), ref.isPrivate())) {
      throw RegistryException.notFound("run", project + "/" + run);
    }
    return ref;
  }

  /** The run that a label names, if it is here and may be seen. */
  private Optional<RunRef> repository(ParsedLabel said) {
    var name = said.repository();
    if (name == null) {
      return Optional.empty();
    }
    var slash = name.indexOf('/');
    return runs.find(name.substring(0, slash), name.substring(slash + 1))
        .filter(ref -> access.mayRead(ref.project(), ref.isPrivate()));
  }

  private static Predicate<Found> isNow(RunRef run) {
    return found ->
        found.retiredAt() == null
            && found.project().equals(run.project())
            && found.run().equals(run.name());
  }

  /** What a label, or the revision in it, means in a run though none has the whole label. */
  private List<Match> meant(RunRef run, String label, @Nullable ParsedLabel said) {
    var revision = said == null ? null : said.revision();
    var tokens = said == null ? null : said.tokens();
    if (revision != null) {
      var named = queries.byLabel(revision, run.id(), ReadScope.EVERYTHING, FIRST, SPELLED_MAX);
      if (!named.isEmpty()) {
        return named.stream().map(found -> match(found, byLabel(found), tokens)).toList();
      }
    }
    var name = Objects.requireNonNullElse(revision, label);
    if (CheckpointReader.isComputed(name)) {
      return reader
          .find(run.id(), name)
          .map(row -> matches(List.of(row.id()), How.COMPUTED, tokens))
          .orElse(List.of());
    }
    var ids =
        Optional.ofNullable(said)
            .filter(one -> one.counts() == Counts.UPDATES)
            .flatMap(StepSpelling::of)
            .map(spelling -> {
              var there = steps.atStep(run.id(), spelling.step());
              var meant = spelling.meant(there);
              return meant.isEmpty() ? spelling.possible(there) : meant;
            })
            .orElse(List.of())
            .stream()
            .limit(SPELLED_MAX)
            .map(CheckpointCommitQueries.AtStep::id)
            .toList();
    return matches(ids, How.SPELLING, tokens);
  }

  private List<Match> matches(List<UUID> ids, How how, @Nullable RoundedTokens tokens) {
    return ids.isEmpty()
        ? List.of()
        : queries.byIds(ids).stream().map(found -> match(found, how, tokens)).toList();
  }

  private static How byLabel(Found found) {
    return found.retiredAt() == null ? How.LABEL : How.FORMER_LABEL;
  }

  private static Match match(Found found, How how, @Nullable RoundedTokens tokens) {
    return new Match(
        found.project(),
        found.run(),
        found.checkpoint(),
        found.stage(),
        found.branch(),
        found.step(),
        found.tokens(),
        found.state(),
        how,
        found.retiredAt(),
        tokens == null || found.tokens() == null ? null : tokens.rulesFrom(found.tokens()));
  }
}
