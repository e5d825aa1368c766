package mesh.lockstep.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DoorwayTest {

    private static final String API_SERVER = "10.0.0.1";
    private static final String STRANGER = "10.0.9.9";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Doorway doorway = new Doorway(4, PATIENCE, new TurnedAway(metrics));

    @Test
    void closesAConnectionThatNeverAskedBeforeOneThatDid() {
        var asked = connect(STRANGER);
        asks(asked);
        var silent = connect(API_SERVER);
        connect(API_SERVER);
        connect(API_SERVER);

        var next = connect(API_SERVER);

        assertThat(silent.isOpen()).isFalse();
        assertThat(asked.isOpen()).isTrue();
        assertThat(next.isOpen()).isTrue();
        assertThat(turnedAway("crowded")).isEqualTo(1);
    }

    @Test
    void aStrangerWithManyConnectionsLosesItsOwn() {
        var own = connect(API_SERVER);
        var others = IntStream.range(0, 3).mapToObj(_ -> connect(STRANGER)).toList();

        connect(API_SERVER);
        IntStream.range(0, 100).forEach(_ -> connect(STRANGER));

        assertThat(own.isOpen()).isTrue();
        assertThat(others).noneMatch(EmbeddedChannel::isOpen);
        assertThat(doorway.guests()).isEqualTo(4);
    }

    @Test
    void closesAnIdleConnectionBeforeOneThatWaitsForAnAnswer() {
        var waiting = connect(API_SERVER);
        asks(waiting);
        var idle = connect(API_SERVER);
        asks(idle);
        isAnswered(idle);
        asks(connect(API_SERVER));
        asks(connect(API_SERVER));

        connect(STRANGER);

        assertThat(idle.isOpen()).isFalse();
        assertThat(waiting.isOpen()).isTrue();
    }

    /// Bodies that drip are requests in progress, as long as they last.
    @Test
    void aStrangerWithManyRequestsInProgressLosesItsOwn() {
        var idle = connect(API_SERVER);
        asks(idle);
        isAnswered(idle);
        var dripping = IntStream.range(0, 3).mapToObj(_ -> connect(STRANGER)).toList();
        dripping.forEach(DoorwayTest::asks);

        IntStream.range(0, 100).forEach(_ -> asks(connect(STRANGER)));
        var next = connect(API_SERVER);

        assertThat(idle.isOpen()).isTrue();
        assertThat(next.isOpen()).isTrue();
        assertThat(dripping).noneMatch(EmbeddedChannel::isOpen);
    }

    @Test
    void manyStrangersWithOneConnectionEachDoNotMakeTheApiServerTooMany() {
        var large = new Doorway(100, PATIENCE, new TurnedAway(metrics));
        var idle = IntStream.range(0, 10).mapToObj(_ -> connect(large, API_SERVER)).toList();
        idle.forEach(DoorwayTest::asks);
        idle.forEach(DoorwayTest::isAnswered);

        IntStream.range(0, 200).forEach(it -> connect(large, "10.0.9." + it));

        assertThat(idle).allMatch(EmbeddedChannel::isOpen);
    }

    @Test
    void closesAConnectionWithoutARequestInTime() {
        var silent = connect(STRANGER);
        var asked = connect(API_SERVER);
        asks(asked);
        isAnswered(asked);

        for (var channel : new EmbeddedChannel[] {silent, asked}) {
            channel.advanceTimeBy(PATIENCE.toMillis() + 1, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }

        assertThat(silent.isOpen()).isFalse();
        assertThat(asked.isOpen()).isTrue();
        assertThat(turnedAway("silent")).isEqualTo(1);
    }

    @Test
    void aPeerThatLeavesKeepsNoPlace() {
        for (int i = 0; i < 100; i++) {
            var _ = connect(API_SERVER).close();
        }

        assertThat(doorway.guests()).isZero();
        assertThat(metrics.find("lockstep.connections.turned.away").counters()).isEmpty();
    }

    @Test
    void whoAsksBeforeItIsAnsweredIsClosed() {
        var channel = connect(STRANGER);
        asks(channel);
        isAnswered(channel);
        channel.writeInbound(request(), request(), request());

        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.inboundMessages()).hasSize(1);
        assertThat(turnedAway("pipelined")).isEqualTo(1);
    }

    /// An answer that is written is not sent while nobody reads it.
    @Test
    void whoAsksBeforeTheLastAnswerIsSentIsClosed() {
        var channel = connect(STRANGER);
        asks(channel);
        var _ = channel.writeOneOutbound(answer());
        channel.writeInbound(request());

        assertThat(channel.isOpen()).isFalse();
        assertThat(turnedAway("pipelined")).isEqualTo(1);
    }

    @Test
    void whoDoesNotTakeItsAnswerIsClosed() {
        var unread = connect(STRANGER);
        asks(unread);
        var _ = unread.writeOneOutbound(answer());
        var read = connect(API_SERVER);
        asks(read);
        isAnswered(read);

        for (var channel : new EmbeddedChannel[] {unread, read}) {
            channel.advanceTimeBy(OneAtATime.TAKEN.toMillis() + 1, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
        }

        assertThat(unread.isOpen()).isFalse();
        assertThat(read.isOpen()).isTrue();
        assertThat(turnedAway("unread")).isEqualTo(1);
    }

    /// Vert.x waits with that until all is sent.
    @Test
    void whoDoesNotReadIsClosedWhateverIsStillToBeSent() {
        var channel = connect(STRANGER);
        channel.pipeline().addLast(new ClosesWhenAllIsSent());
        channel.pipeline().get(Guest.class).asks();
        var _ = channel.writeOneOutbound(answer());
        channel.writeInbound(request());

        assertThat(channel.isOpen()).isFalse();
    }

    /// What counts requests in progress also counts what they hold.
    @Test
    void aRequestIsOverOnceWhenItsAnswerIsSentOrItsConnectionIsClosed() {
        var over = new AtomicInteger();
        var read = connect(API_SERVER);
        var left = connect(STRANGER);
        for (var channel : List.of(read, left)) {
            asks(channel);
            channel.pipeline().get(OneAtATime.class).whenSent(over::incrementAndGet);
            var _ = channel.writeOneOutbound(answer());
        }
        assertThat(over).hasValue(0);

        read.flushOutbound();
        assertThat(over).hasValue(1);
        var _ = read.close();
        var _ = left.close();
        assertThat(over).hasValue(2);
    }

    private double turnedAway(String reason) {
        return metrics.get("lockstep.connections.turned.away")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private EmbeddedChannel connect(String address) {
        return connect(doorway, address);
    }

    private static EmbeddedChannel connect(Doorway doorway, String address) {
        return new EmbeddedChannel(new Guest(doorway)) {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(address, 40_000);
            }
        };
    }

    /// As the first request does when it has come.
    private static void asks(EmbeddedChannel channel) {
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter());
        channel.pipeline().get(Guest.class).asks();
    }

    private static void isAnswered(EmbeddedChannel channel) {
        channel.writeOutbound(answer());
    }

    private static DefaultFullHttpResponse answer() {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    }

    private static DefaultHttpRequest request() {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/validate");
    }

    private static final class ClosesWhenAllIsSent extends ChannelDuplexHandler {
        @Override
        public void close(ChannelHandlerContext context, ChannelPromise promise) {
            context.write(Unpooled.EMPTY_BUFFER)
                    .addListener(
                            _ -> {
                                var _ = context.close(promise);
                            });
        }
    }
}
