package mesh.lockstep.apiserver;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// An HTTP client that has its answers ready, without a network.
public record CannedClient(Function<HttpRequest, Canned> answers) implements HttpClient {

    /// A response.
    ///
    /// @param pieces of the body, as they come
    /// @param open whether the body stays open after them, and nothing comes
    public record Canned(
            int code, Map<String, List<String>> headers, List<byte[]> pieces, boolean open) {

        public static Canned ok(byte[] body) {
            return new Canned(200, Map.of(), List.of(body), false);
        }

        /// The body in pieces of this many bytes, the last perhaps of fewer.
        public Canned cut(int size) {
            var cut = new ArrayList<byte[]>();
            for (var piece : pieces) {
                for (int from = 0; from < piece.length; from += size) {
                    int to = Math.min(piece.length, from + size);
                    cut.add(Arrays.copyOfRange(piece, from, to));
                }
            }
            return new Canned(code, headers, cut, open);
        }
    }

    @Override
    public CompletableFuture<HttpResponse<AsyncBody>> consumeBytes(
            HttpRequest request, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        var canned = answers.apply(request);
        return CompletableFuture.completedFuture(
                new Response(request, canned, new Body(canned, consumer)));
    }

    private record Response(HttpRequest request, Canned canned, AsyncBody body)
            implements HttpResponse<AsyncBody> {

        @Override
        public int code() {
            return canned.code();
        }

        @Override
        public Optional<HttpResponse<?>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public List<String> headers(String key) {
            return canned.headers().getOrDefault(key, List.of());
        }

        @Override
        public Map<String, List<String>> headers() {
            return canned.headers();
        }
    }

    private static final class Body implements AsyncBody {

        private final Consumer<List<ByteBuffer>> consumer;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final Iterator<byte[]> pieces;
        private final boolean open;

        Body(Canned canned, Consumer<List<ByteBuffer>> consumer) {
            this.consumer = consumer;
            this.pieces = canned.pieces().iterator();
            this.open = canned.open();
        }

        @Override
        public void consume() {
            if (pieces.hasNext()) {
                try {
                    consumer.consume(List.of(ByteBuffer.wrap(pieces.next())), this);
                } catch (Exception e) {
                    done.completeExceptionally(e);
                }
            } else if (!open) {
                done.complete(null);
            }
        }

        @Override
        public CompletableFuture<Void> done() {
            return done;
        }

        @Override
        public void cancel() {
            done.cancel(false);
        }
    }

    @Override
    public HttpRequest.Builder newHttpRequestBuilder() {
        return new StandardHttpRequest.Builder();
    }

    @Override
    public DerivedClientBuilder newBuilder() {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, Class<T> type) {
        throw new UnsupportedOperationException();
    }

    @Override
    public WebSocket.Builder newWebSocketBuilder() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isClosed() {
        return false;
    }

    @Override
    public void close() {}
}
