package org.cairn.artifact;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairn.api.Idempotency;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.artifact.CollectionConfig.Approval;
import org.cairn.job.JobService;
import org.jspecify.annotations.Nullable;

/** The life of plans: {@link CollectionJob} finds what is in them and carries them out. */
@ApplicationScoped
class CollectionService {

  /** How long a plan can be read after it is over. */
  private static final Duration KEEP = Duration.ofDays(365);

  static final String OLDER =
      "The bucket holds what the catalogue does not know: it is older than the bucket, and has to"
          + " be rebuilt before anything is deleted";

  private final PlanRepository plans;
  private final JobService jobs;
  private final Idempotency idempotency;
  private final CollectionConfig config;

  CollectionService(
      PlanRepository plans, JobService jobs, Idempotency idempotency, CollectionConfig config) {
    this.plans = plans;
    this.jobs = jobs;
    this.idempotency = idempotency;
    this.config = config;
  }

  /** Begins a plan; there is one at a time. */
  @Transactional
  PlanView start(@Nullable String idempotencyKey) {
    return get(
        idempotency.once(
            "createCollectionPlan",
            idempotencyKey,
            "",
            UUID.class,
            () ->
                begin()
                    .orElseThrow(() ->
                        RegistryException.conflict(
                            "A plan is under way: it is carried out or cancelled first"))));
  }

  /** Begins a plan where it is time to. */
  @Transactional
  boolean startIfDue() {
    var last = plans.last();
    return !config.every().isZero()
        && last.filter(plan -> plan.alive() || plan.age().compareTo(config.every()) < 0).isEmpty()
        && begin().isPresent();
  }

  private Optional<UUID> begin() {
    plans.purge(KEEP);
    var id = UUID.randomUUID();
    if (!plans.insert(id, id)) {
      return Optional.empty();
    }
    carry(id);
    return Optional.of(id);
  }

  private void carry(UUID plan) {
    var payload = JsonNodeFactory.instance.objectNode().put("plan", plan.toString());
    plans.carriedBy(plan, jobs.enqueue(CollectionJob.KIND, "plan " + plan, payload, 0));
  }

  @Transactional
  PlanView get(UUID id) {
    return plans.find(id).orElseThrow(() -> RegistryException.notFound("plan", id));
  }

  @Transactional
  PageView<PlanView> list(@Nullable String pageToken, int size) {
    return PageView.of(
        plans.newestBefore(PageToken.newest(pageToken), size + 1),
        size,
        plan -> plan,
        plan -> PageToken.of(plan.createdAt(), plan.id()));
  }

  @Transactional
  PageView<PlanItemView> items(UUID id, @Nullable String pageToken, int size) {
    var _ = get(id);
    var from = PageToken.parse(pageToken, 2);
    return PageView.of(
        plans.page(
            id,
            from == null ? "" : from.key().getFirst(),
            from == null ? "" : from.key().getLast(),
            size + 1),
        size,
        item -> item,
        item -> new PageToken(List.of(item.key(), item.reason().text())));
  }

  /** Lets a plan be carried out, once its time of grace is over; once approved it stays so. */
  @Transactional
  PlanView approve(UUID id) {
    var plan = lock(id);
    switch (plan.state()) {
      case WAITING -> {
        if (plan.ahead() > 0) {
          throw RegistryException.conflict(OLDER);
        }
        plans.become(id, PlanState.APPROVED);
        carry(id);
      }
      case APPROVED, SWEEPING, DONE -> {
        // Somebody did before.
      }
      case MARKING -> throw RegistryException.conflict("The plan is being made: read it first");
      case CANCELLED -> throw RegistryException.conflict("The plan was cancelled");
    }
    return get(id);
  }

  /** Gives a plan up; what it has deleted by then is gone. */
  @Transactional
  PlanView cancel(UUID id) {
    if (lock(id).state() == PlanState.DONE) {
      throw RegistryException.conflict("The plan was carried out");
    }
    cancel(id, null);
    return get(id);
  }

  @Transactional
  void cancel(UUID id, @Nullable String failure) {
    var state = lock(id).state();
    if (state != PlanState.DONE && state != PlanState.CANCELLED) {
      plans.cancel(id, failure);
    }
  }

  /** Everything is found; a plan with nothing to delete is done. */
  @Transactional
  void marked(UUID id) {
    if (lock(id).state() == PlanState.MARKING) {
      plans.marked(id, config.grace());
      var plan = get(id);
      if (plan.artifacts() + plan.objects() + plan.uploads() == 0) {
        plans.become(id, PlanState.DONE);
      }
    }
  }

  /** How long a plan has to wait. */
  @Transactional
  Duration untilSweep(UUID id) {
    return plans.untilSweep(id);
  }

  /** Whether nobody has to look at a plan: the catalogue accounts for all that is in the bucket. */
  boolean approvesItself(PlanView plan) {
    return config.approval() == Approval.AUTOMATIC && plan.unknown() == 0 && plan.ahead() == 0;
  }

  /** Goes from one state to the next, unless somebody cancelled the plan. */
  @Transactional
  void advance(UUID id, PlanState from, PlanState to) {
    if (lock(id).state() == from) {
      plans.become(id, to);
    }
  }

  private PlanView lock(UUID id) {
    return plans.lock(id).orElseThrow(() -> RegistryException.notFound("plan", id));
  }
}
