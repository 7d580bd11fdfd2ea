package org.cairn.access;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.cairn.access.AccessConfig.Anonymous;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What the caller of the request under way may do. Every request is asked by {@link AccessDelivery}
 * already; this is for those that name a project in their body, and for lists.
 */
@ApplicationScoped
public class Access {

  /** One line for each refusal and each change of tokens. */
  static final Logger AUDIT = Logger.getLogger("org.cairn.access.audit");

  private final CurrentRequest request;
  private final PrivacyQueries privacies;
  private final Anonymous anonymous;
  private final boolean hasAdministrator;

  Access(CurrentRequest request, PrivacyQueries privacies, AccessConfig config) {
    this.request = request;
    this.privacies = privacies;
    this.anonymous = config.anonymous();
    this.hasAdministrator = config.adminToken().isPresent();
  }

  /** The name of the caller's token; empty for nobody. */
  public Optional<String> name() {
    return Optional.ofNullable(request.caller().name());
  }

  public boolean isAdministrator() {
    return request.caller().administrator();
  }

  /** Of which projects the caller sees what is private. */
  public ReadScope scope() {
    return request.caller().scope();
  }

  /** Whether the caller may read what is in {@code project} and private or not. */
  public boolean mayRead(String project, boolean isPrivate) {
    return isPrivate ? request.caller().isReader(project) : mayReadWhatIsPublic();
  }

  /** Whether the caller may change what is in {@code project} and private or not. */
  public boolean mayWrite(String project, boolean isPrivate) {
    return request.caller().isWriter(project) || (!isPrivate && anonymous == Anonymous.WRITE);
  }

  /** Why the request under way was refused; null where it was not, or not by this. */
  public @Nullable Refusal refusal() {
    return request.refusal();
  }

  /** As {@link #requireWriter(Thing)}, of a project that may still have to be made. */
  public void requireWriter(String project) {
    if (!request.caller().isWriter(project)) {
      requireWriter(Thing.project(project), true);
    }
  }

  /**
   * Refuses who may not change {@code thing}. Where it is not there, or not to be seen, the answer
   * is the same.
   */
  public void requireWriter(Thing thing) {
    requireWriter(thing, false);
  }

  private void requireWriter(Thing thing, boolean mayBeMade) {
    if (request.caller().isWriter(thing.project())) {
      return;
    }
    // Without looking, so that the answer tells nothing.
    if (!request.caller().known() && anonymous != Anonymous.WRITE) {
      throw noToken();
    }
    var found = privacies.of(thing);
    var isPrivate = found.map(Privacy::isPrivate).orElse(false);
    if (anonymous == Anonymous.WRITE && !isPrivate) {
      return; // and what is not there is missed by whoever looks for it
    }
    if (mayBeMade && found.isEmpty()) {
      throw forbidden(Role.WRITER + " of the project " + thing.project());
    }
    if (found.isEmpty() || !found.get().has(thing) || hides(thing, isPrivate)) {
      throw hidden(thing, found);
    }
    throw forbidden(Role.WRITER + " of the project " + thing.project());
  }

  private boolean hides(Thing thing, boolean isPrivate) {
    return isPrivate && !request.caller().isReader(thing.project());
  }

  /** Refuses who may not read {@code thing}, as if it were not there. */
  public void requireReader(Thing thing) {
    if (request.caller().isReader(thing.project())) {
      return;
    }
    requireReaderOfWhatIsPublic();
    var found = privacies.of(thing);
    if (found.isPresent() && found.get().isPrivate()) {
      throw hidden(thing, found);
    }
  }

  /**
   * Refuses who could not see any more what they are about to make private: nobody but an
   * administrator could undo that.
   */
  public void requireToHide(String project) {
    if (!request.caller().isReader(project)) {
      throw request.caller().known()
          ? forbidden(Role.READER + " of the project " + project)
          : noToken();
    }
  }

  void requireReaderOfWhatIsPublic() {
    if (!mayReadWhatIsPublic()) {
      throw noToken();
    }
  }

  /** Whether there is something that the caller may change, or make. */
  public boolean isWriterOfAnything() {
    return request.caller().isWriterOfAnything() || anonymous == Anonymous.WRITE;
  }

  void requireWriterOfAnything() {
    if (isWriterOfAnything()) {
      return;
    }
    throw request.caller().known() ? forbidden(Role.WRITER + " of some project") : noToken();
  }

  void requireAdministrator() {
    if (!isAdministrator()) {
      throw request.caller().known() ? forbidden("administrator") : noToken();
    }
  }

  void requireOperator() {
    if (hasAdministrator || anonymous != Anonymous.WRITE) {
      requireAdministrator();
    }
  }

  private boolean mayReadWhatIsPublic() {
    return request.caller().known() || anonymous != Anonymous.NONE;
  }

  /** A token came that is none. */
  RegistryException badToken() {
    return refuse(
        Refusal.BAD_TOKEN,
        ProblemType.UNAUTHENTICATED,
        "The token is unknown, revoked or expired, or not sent as Authorization: Bearer");
  }

  private RegistryException noToken() {
    return request.badToken()
        ? badToken()
        : refuse(
            Refusal.NO_TOKEN,
            ProblemType.UNAUTHENTICATED,
            "This needs a token, sent as Authorization: Bearer");
  }

  private RegistryException forbidden(String role) {
    return refuse(Refusal.FORBIDDEN, ProblemType.FORBIDDEN, "This token is not " + role);
  }

  /** In the words of those who would not have found it. */
  private RegistryException hidden(Thing thing, Optional<Privacy> found) {
    boolean projectSeen =
        found.isPresent() && !hides(Thing.project(thing.project()), found.get().projectPrivate());
    var detail =
        switch (thing.kind()) {
          case PROJECT -> RegistryException.notFound("project", thing.project());
          case RUN -> RegistryException.notFound("run", thing.project() + "/" + thing.member());
          case DATASET ->
              projectSeen
                  ? RegistryException.notFound(
                      "dataset", found.get().project() + "/" + thing.member())
                  : RegistryException.notFound("project", thing.project());
        };
    return refuse(Refusal.HIDDEN, detail.type(), String.valueOf(detail.getMessage()));
  }

  private RegistryException refuse(Refusal reason, ProblemType type, String detail) {
    request.refused(reason);
    AUDIT.infof("refused %s: %s to %s", reason, request.what(), request.caller());
    return new RegistryException(type, detail);
  }
}
