package mesh.lockstep.apiserver;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import mesh.lockstep.policy.Deadline;
import org.jspecify.annotations.Nullable;

/// A request and its response, for a thread that waits; fabric8's client calls back. The next piece
/// of the body is asked for when the last one was taken: a slow reader slows the peer down and
/// fills no memory.
final class Exchange implements AutoCloseable {

    private final HttpResponse<AsyncBody> response;
    private final BlockingQueue<Piece> pieces;
    private boolean ended;

    private sealed interface Piece {
        record Bytes(ByteBuffer buffer) implements Piece {}

        record End(@Nullable Throwable failure) implements Piece {}
    }

    private Exchange(HttpResponse<AsyncBody> response, BlockingQueue<Piece> pieces) {
        this.response = response;
        this.pieces = pieces;
        var _ =
                response.body()
                        .done()
                        .whenComplete((_, failure) -> pieces.add(new Piece.End(failure)));
    }

    /// Returns when the response has begun. A request that met a closed connection is sent once
    /// more: peers close idle connections, and may do so just when one is used again.
    ///
    /// @throws IOException if it has not, or not in time
    static Exchange begin(HttpClient client, HttpRequest request, Deadline deadline)
            throws IOException, InterruptedException {
        try {
            return beginOnce(client, request, deadline);
        } catch (IOException e) {
            if (e.getCause() instanceof HttpClosedException) {
                return beginOnce(client, request, deadline);
            }
            throw e;
        }
    }

    private static Exchange beginOnce(HttpClient client, HttpRequest request, Deadline deadline)
            throws IOException, InterruptedException {
        var pieces = new LinkedBlockingQueue<Piece>();
        var pending = send(client, request, pieces);
        try {
            var response = pending.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
            return new Exchange(response, pieces);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(e);
        } finally {
            // Has no effect on one that is over; of another the late response is thrown away.
            pending.cancel(true);
        }
    }

    private static CompletableFuture<HttpResponse<AsyncBody>> send(
            HttpClient client, HttpRequest request, BlockingQueue<Piece> pieces)
            throws IOException {
        try {
            return client.consumeBytes(
                    request,
                    (buffers, _) -> buffers.forEach(buffer -> pieces.add(new Piece.Bytes(buffer))));
        } catch (IllegalStateException e) {
            // The client is closed: the peer has left, or reads with other credentials by now.
            throw new IOException(e);
        }
    }

    int code() {
        return response.code();
    }

    /// The next piece of the body, empty at its end.
    ///
    /// @throws IOException if the connection breaks, or nothing comes in time
    Optional<ByteBuffer> next(Deadline deadline) throws IOException, InterruptedException {
        response.body().consume();
        return switch (pieces.poll(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
            case null -> throw new IOException(new TimeoutException());
            case Piece.Bytes(var buffer) -> Optional.of(buffer);
            case Piece.End(var failure) -> {
                ended = true;
                if (failure != null) {
                    throw new IOException(failure);
                }
                yield Optional.empty();
            }
        };
    }

    /// The first value of a header.
    Optional<String> header(String name) {
        return Optional.ofNullable(response.header(name));
    }

    /// Takes a piece of a body.
    interface Taking {
        void take(byte[] piece) throws IOException, InterruptedException;
    }

    /// Hands over what is left of the body, piece by piece: no more than one of them is in memory.
    ///
    /// @param deadline by which the next has to come
    void rest(Supplier<Deadline> deadline, Taking taking) throws IOException, InterruptedException {
        for (var next = next(deadline.get()); next.isPresent(); next = next(deadline.get())) {
            taking.take(bytes(next.get()));
        }
    }

    static byte[] bytes(ByteBuffer piece) {
        var bytes = new byte[piece.remaining()];
        piece.get(bytes);
        return bytes;
    }

    /// Breaks the connection off, unless the body was read to its end: then others use it.
    @Override
    public void close() {
        if (!ended) {
            response.body().cancel();
        }
    }
}
