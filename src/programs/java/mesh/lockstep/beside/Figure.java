package mesh.lockstep.beside;

/// What is measured of each, in the order of the table.
enum Figure {
    START("start to ready, s"),
    START_PROCESSOR("of a processor until then, s"),
    START_JUDGING("start to its first refusal, s"),
    IDLE("idle: ms of a processor each second"),
    IDLE_MEMORY("idle: anonymous memory, MiB"),
    COLD_MEDIAN("cold, directly, admitted: p50, ms"),
    COLD_TAIL("cold, directly, admitted: p99, ms"),
    COLD_PROCESSOR("cold, directly, admitted: of a processor, ms"),
    SERVER_MEDIAN("through the API server, admitted: p50, ms"),
    SERVER_TAIL("through the API server, admitted: p99, ms"),
    SERVER_PROCESSOR("through the API server, admitted: of a processor, ms"),
    WARM_MEDIAN("warm, directly, admitted: p50, ms"),
    WARM_TAIL("warm, directly, admitted: p99, ms"),
    WARM_PROCESSOR("warm, directly, admitted: of a processor, ms"),
    REFUSED_MEDIAN("directly, refused: p50, ms"),
    REFUSED_TAIL("directly, refused: p99, ms"),
    REFUSED_PROCESSOR("directly, refused: of a processor, ms"),
    SERVER_REFUSED_MEDIAN("through the API server, refused: p50, ms"),
    SERVER_REFUSED_TAIL("through the API server, refused: p99, ms"),
    LOADED_MEMORY("after all of that: anonymous memory, MiB");

    private final String words;

    Figure(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
