package mesh.lockstep.admission;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.Optional;
import mesh.lockstep.policy.Deadline;
import mesh.lockstep.rollout.Histories;
import mesh.lockstep.rollout.Judgement;
import mesh.lockstep.rollout.Referee;
import mesh.lockstep.rollout.RequestedChange;
import mesh.lockstep.rollout.Verdict;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// The webhook: what the API server calls for every change of a policy.
@Path("/validate")
public class AdmissionEndpoint {

    private final AdmissionReader reader;
    private final Referee referee;
    private final Histories histories;
    private final AdmissionWriter writer;
    private final DecisionLog log;
    private final ReviewSeats seats;
    private final TurnedAway turnedAway;
    private final Postponement postponement;

    public AdmissionEndpoint(
            AdmissionReader reader,
            Referee referee,
            Histories histories,
            AdmissionWriter writer,
            DecisionLog log,
            ReviewSeats seats,
            TurnedAway turnedAway,
            Postponement postponement) {
        this.reader = reader;
        this.referee = referee;
        this.histories = histories;
        this.writer = writer;
        this.log = log;
        this.seats = seats;
        this.turnedAway = turnedAway;
        this.postponement = postponement;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public RestResponse<byte[]> validate(byte[] body, @Context RoutingContext context)
            throws UnreadableReviewException, TurnedAwayException {
        var deadline = GrantedTime.deadline(context);
        try {
            Reception.admit(context);
            try (var _ = seats.take(body.length, deadline)) {
                return response(answer(body, deadline));
            }
        } catch (TurnedAwayException e) {
            return response(
                    putOff(body, deadline, e, context.request().remoteAddress().hostAddress()));
        }
    }

    private static RestResponse<byte[]> response(Optional<byte[]> answer) {
        return answer.map(RestResponse::ok)
                .orElseGet(() -> RestResponse.status(RestResponse.Status.SERVICE_UNAVAILABLE));
    }

    /// Answers one review for which there is no place or no memory; empty if nobody waits for the
    /// answer any more.
    ///
    /// @throws TurnedAwayException if it cannot even be read what it is about
    Optional<byte[]> putOff(
            byte[] review, Deadline deadline, TurnedAwayException problem, String address)
            throws TurnedAwayException {
        if (deadline.isGivenUp()) {
            return Optional.empty();
        }
        byte[] answer;
        try {
            answer = postponement.answer(review);
        } catch (UnreadableReviewException e) {
            throw problem;
        }
        turnedAway.request(problem.reason(), address);
        return Optional.of(answer);
    }

    /// Answers one review; empty if nobody waits for the answer any more, which may be before it is
    /// read: it waits for its turn.
    public Optional<byte[]> answer(byte[] review, Deadline deadline)
            throws UnreadableReviewException {
        if (deadline.isGivenUp()) {
            return Optional.empty();
        }
        var started = System.nanoTime();
        var request = reader.read(review);
        if (deadline.isGivenUp()) {
            return Optional.empty();
        }
        var judgement =
                request.requested()
                        .map(requested -> referee.judge(requested, deadline))
                        .orElse(Judgement.EXEMPT);
        if (!request.dryRun() && !(judgement.verdict() instanceof Verdict.Refused)) {
            request.requested().map(RequestedChange::change).ifPresent(histories::admitted);
        }
        log.record(request, judgement, Duration.ofNanos(System.nanoTime() - started));
        return Optional.of(writer.write(request, judgement));
    }

    /// Nothing that can be answered: the API server logs the text and acts on `failurePolicy`.
    @ServerExceptionMapper
    public RestResponse<String> unreadable(UnreadableReviewException problem) {
        return RestResponse.ResponseBuilder.create(
                        RestResponse.Status.BAD_REQUEST, problem.getMessage() + "\n")
                .type(MediaType.TEXT_PLAIN_TYPE)
                .build();
    }

    @ServerExceptionMapper
    public RestResponse<String> turnedAway(TurnedAwayException problem, HttpServerRequest request) {
        turnedAway.request(problem.reason(), request.remoteAddress().hostAddress());
        return RestResponse.ResponseBuilder.create(
                        RestResponse.Status.TOO_MANY_REQUESTS, problem.getMessage() + "\n")
                .type(MediaType.TEXT_PLAIN_TYPE)
                .header("Retry-After", "1")
                .build();
    }
}
