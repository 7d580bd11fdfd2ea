package org.cairn.job;

import io.quarkus.arc.All;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Works through the queue: one thread leases as many jobs as there are free workers, another renews
 * their leases. Any number of runners may share a queue; a job is run by one of them at a time as
 * long as that one renews its lease, and nothing is written for a job under a lease that is lost.
 */
@Startup
@Singleton
class JobRunner {

  private static final Duration PULSE = Duration.ofSeconds(1);

  /** Most leases that are watched at a time: those that end first. */
  private static final int WATCHED = 1_000;

  private final JobRepository jobs;
  private final JobsConfig config;
  private final JobExecution execution;
  private final Set<String> kinds;
  private final String owner = ProcessHandle.current().pid() + "-" + UUID.randomUUID();
  private final Map<UUID, RunningJob> running = new ConcurrentHashMap<>();
  private final AtomicInteger free;
  private final Semaphore bell = new Semaphore(0);
  // Platform threads: hashing would keep the few carriers of virtual threads from every request.
  private final ExecutorService workers =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("job-", 1).factory());
  private final Thread claims =
      Thread.ofPlatform().daemon().name("job-claims").unstarted(this::claimLoop);
  private final Thread leases =
      Thread.ofPlatform().daemon().name("job-leases").unstarted(this::renewLoop);
  private volatile boolean stopping;
  private final LeaseWatch watch;
  private long nextLook = System.nanoTime();

  JobRunner(JobRepository jobs, @All List<JobHandler> handlers, JobsConfig config) {
    this.jobs = jobs;
    this.config = config;
    var byKind = handlers.stream().collect(Collectors.toMap(JobHandler::kind, Function.identity()));
    this.kinds = Set.copyOf(byKind.keySet());
    this.execution = new JobExecution(jobs, byKind, config);
    this.free = new AtomicInteger(config.workers());
    this.watch = new LeaseWatch(pulse(), config.lease());
  }

  @PostConstruct
  void start() {
    if (config.workers() > 0 && !kinds.isEmpty()) {
      claims.start();
      leases.start();
    }
  }

  /** Begins what was enqueued, now that it can be seen. */
  void wake(@Observes(during = TransactionPhase.AFTER_SUCCESS) JobDue due) {
    bell.release();
  }

  void stop(@Observes ShutdownEvent shutdown) {
    stop();
  }

  /** Interrupts the workers and gives their jobs back to the queue. */
  void stop() {
    stopping = true;
    bell.release();
    try {
      if (claims.isAlive()) {
        claims.join(Duration.ofSeconds(2));
      }
      workers.shutdownNow();
      if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
        Log.warnf("%d jobs do not stop; their leases are given up", running.size());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (var job : running.values()) {
      jobs.requeue(job, Duration.ZERO, false, null);
    }
  }

  private void claimLoop() {
    while (!stopping) {
      try {
        claim();
        if (bell.tryAcquire(config.poll().toMillis(), TimeUnit.MILLISECONDS)) {
          bell.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        watch.forget();
        failed("The queue of jobs cannot be read", e);
      }
    }
  }

  private void claim() {
    int wanted = free.get();
    if (wanted == 0) {
      return; // the next worker to become free rings
    }
    var claimed = jobs.claim(owner, kinds, wanted, config.lease());
    claimed.forEach(this::begin);
    if (claimed.size() < wanted && System.nanoTime() - nextLook >= 0) {
      takeOver(wanted - claimed.size());
      var pause = watch.suspects() ? pulse() : config.lease().dividedBy(4);
      nextLook = System.nanoTime() + pause.toNanos();
    }
  }

  private void takeOver(int most) {
    var silent = watch.silent(jobs.held(kinds, WATCHED), System.nanoTime());
    if (silent.isEmpty()) {
      return;
    }
    for (var job : jobs.takeOver(owner, silent.stream().limit(most).toList(), config.lease())) {
      Log.warnf("Job %s (%s) is taken over from a silent runner", job.id(), job.kind());
      begin(job);
    }
  }

  private void begin(LeasedJob leased) {
    var job = new RunningJob(leased);
    var before = running.put(job.id(), job);
    if (before != null) {
      before.lose(); // its lease ended while the database was away
    }
    free.decrementAndGet();
    workers.execute(() -> {
      try {
        execution.run(job, () -> stopping);
      } finally {
        running.remove(job.id(), job);
        free.incrementAndGet();
        bell.release();
      }
    });
  }

  /** How often leases are renewed. */
  private Duration pulse() {
    return Duration.ofMillis(Math.min(PULSE.toMillis(), config.lease().toMillis() / 4));
  }

  private void renewLoop() {
    while (!stopping) {
      try {
        Thread.sleep(pulse());
        renew();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        failed("The leases of running jobs cannot be renewed", e);
      }
    }
  }

  private void renew() {
    var mine = List.copyOf(running.values());
    if (mine.isEmpty()) {
      return;
    }
    var kept = jobs.renew(mine, config.lease());
    for (var job : mine) {
      var cancelled = kept.get(job.id());
      if (cancelled == null) {
        if (running.get(job.id()) == job) {
          job.lose();
        }
      } else if (cancelled) {
        job.cancel();
      }
    }
  }

  /** The database may be away for a while: say so and go on more slowly. */
  private void failed(String what, RuntimeException e) {
    if (!stopping) {
      Log.error(what, e);
      try {
        Thread.sleep(PULSE);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
