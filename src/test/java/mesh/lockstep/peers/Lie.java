package mesh.lockstep.peers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What a peer may send that was taken over, or never was an API server. None of it ends except by
/// its size, or when nobody reads it any more.
enum Lie {
    /// One policy of 40 MB.
    AN_ITEM_OF_40_MB {
        @Override
        void list(OutputStream out, String next) throws IOException {
            begin(out);
            text(
                    out,
                    "{\"metadata\":{\"namespace\":\"default\",\"name\":\"big\"},\"spec\":{\"x\":[0");
            many(out, ",0", 20_000_000);
            text(out, "]}}]}");
        }
    },
    /// Policies, each deeper than anything that is read, and 1,000 times as deep as that.
    ITEMS_100_000_DEEP {
        @Override
        void list(OutputStream out, String next) throws IOException {
            begin(out);
            for (int i = 0; i < 100; i++) {
                text(
                        out,
                        (i == 0 ? "" : ",")
                                + "{\"metadata\":{\"namespace\":\"default\",\"name\":\"deep"
                                + i
                                + "\"},\"spec\":");
                many(out, "[", 100_000);
                many(out, "]", 100_000);
                text(out, "}");
            }
            text(out, "]}");
        }
    },
    /// Policies that are meant for 300,000 members each.
    MEMBERS_WITHOUT_NUMBER {
        @Override
        void list(OutputStream out, String next) throws IOException {
            begin(out);
            for (int i = 0; i < 20; i++) {
                text(
                        out,
                        (i == 0 ? "" : ",")
                                + "{\"metadata\":{\"namespace\":\"default\",\"name\":\"m"
                                + i);
                text(out, "\",\"annotations\":{\"lockstep.mesh/members\":\"a");
                for (int name = 0; name < 300_000; name++) {
                    text(out, ",m" + name);
                }
                text(out, "\"}},\"spec\":{\"ingress\":[]}}");
            }
            text(out, "]}");
        }
    },
    NAMES_OF_200_000_CHARACTERS {
        @Override
        void list(OutputStream out, String next) throws IOException {
            begin(out);
            for (int i = 0; i < 200; i++) {
                text(
                        out,
                        (i == 0 ? "" : ",")
                                + "{\"metadata\":{\"namespace\":\"default\",\"name\":\"");
                many(out, "n", 200_000);
                text(out, i + "\"},\"spec\":{\"ingress\":[]}}");
            }
            text(out, "]}");
        }
    },
    PAGES_BYTE_BY_BYTE {
        @Override
        void list(OutputStream out, String next) throws IOException {
            var page = page(next + "1", "");
            for (byte each : page.getBytes(StandardCharsets.UTF_8)) {
                out.write(each);
                out.flush();
                pause(200);
            }
        }
    },
    PAGES_WITHOUT_END {
        @Override
        void list(OutputStream out, String next) throws IOException {
            var from = next.isEmpty() ? 0 : Integer.parseInt(next);
            text(out, page(Integer.toString(from + 1), policies("endless-" + from + "-", 500)));
        }
    },
    TWENTY_THOUSAND_THAT_DIFFER {
        @Override
        void list(OutputStream out, String next) throws IOException {
            text(out, page("", policies("differs-", 20_000)));
        }
    },
    BRACKETS {
        @Override
        void list(OutputStream out, String next) throws IOException {
            begin(out);
            many(out, "[", 100_000);
        }
    },
    GARBAGE {
        @Override
        void list(OutputStream out, String next) throws IOException {
            var bytes = new byte[64 * 1024];
            new Random(1).nextBytes(bytes);
            for (int i = 0; i < 100; i++) {
                out.write(bytes);
            }
        }
    },
    SILENCE_IN_THE_MIDDLE {
        @Override
        void list(OutputStream out, String next) throws IOException {
            begin(out);
            out.flush();
            pause(60_000);
        }
    },
    ELSEWHERE {
        @Override
        String head() {
            return "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\n";
        }

        @Override
        void list(OutputStream out, String next) {
            // The head says all.
        }
    },
    PACKED {
        @Override
        String head() {
            return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n";
        }

        @Override
        void list(OutputStream out, String next) throws IOException {
            many(out, "\0", 1_000_000);
        }
    },
    LINE_BREAKS {
        @Override
        void watch(OutputStream out) throws IOException {
            many(out, "\n", 200_000_000);
        }
    },
    A_LINE_WITHOUT_END {
        @Override
        void watch(OutputStream out) throws IOException {
            many(out, "x", 200_000_000);
        }
    },
    /// One policy after the other, each of 40 MB.
    EVENTS_OF_40_MB {
        @Override
        void watch(OutputStream out) throws IOException {
            for (int i = 0; i < 10; i++) {
                text(
                        out,
                        "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"namespace\":\"default\",\"name\":\"big\",\"resourceVersion\":\""
                                + (200 + i)
                                + "\"},\"spec\":[0");
                many(out, ",0", 20_000_000);
                text(out, "]}}\n");
            }
        }
    },
    EVENTS_WITHOUT_NUMBER {
        @Override
        void watch(OutputStream out) throws IOException {
            for (int i = 0; i < 200_000; i++) {
                text(
                        out,
                        "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"namespace\":\"default\",\"name\":\"flood-"
                                + i
                                + "\",\"resourceVersion\":\""
                                + (200 + i)
                                + "\"},\"spec\":{\"ingress\":[{\"toPorts\":[{\"ports\":[{\"port\":\""
                                + (i % 60_000 + 1)
                                + "\"}]}]}]}}}\n");
            }
        }
    };

    private static final String VERSION = "\"metadata\":{\"resourceVersion\":\"100\"";

    /// The status line and headers of an answer, without those that say how long it is.
    String head() {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    }

    /// Writes a page of a list.
    ///
    /// @param next the `continue` that is asked for
    void list(OutputStream out, String next) throws IOException {
        text(out, page("", policies("lie-", 3)));
    }

    /// Writes the events of a watch.
    void watch(OutputStream out) throws IOException {
        pause(60_000);
    }

    private static void begin(OutputStream out) throws IOException {
        text(out, "{" + VERSION + "},\"items\":[");
    }

    private static String page(String next, String items) {
        return "{" + VERSION + ",\"continue\":\"" + next + "\"},\"items\":[" + items + "]}";
    }

    private static String policies(String name, int number) {
        return IntStream.range(0, number)
                .mapToObj(
                        i ->
                                "{\"metadata\":{\"namespace\":\"default\",\"name\":\"%s%d\",\"resourceVersion\":\"9\"},\"spec\":{\"endpointSelector\":{},\"ingress\":[{}]}}"
                                        .formatted(name, i))
                .collect(Collectors.joining(","));
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void many(OutputStream out, String piece, int times) throws IOException {
        var block = piece.repeat(10_000).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < times / 10_000; i++) {
            out.write(block);
        }
    }

    private static void pause(long milliseconds) throws IOException {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
