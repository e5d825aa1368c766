package mesh.lockstep.cli;

import java.time.Duration;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How long a token is to be valid: `90d`, `2160h` or `30m`.
record Lifetime(Duration time) {

    static final Lifetime DEFAULT = new Lifetime(Duration.ofDays(90));

    private static final Pattern TEXT = Pattern.compile("\\d{1,9}[dhm]");

    /// Bounds of API servers (`ValidateTokenRequest` in `pkg/apis/authentication/validation` of
    /// Kubernetes 1.36): a request beyond them is refused.
    private static final Duration SHORTEST = Duration.ofMinutes(10);

    private static final Duration LONGEST = Duration.ofSeconds(1L << 32);

    /// Reads an option.
    static final class Reader implements ITypeConverter<Lifetime> {
        @Override
        public Lifetime convert(String value) {
            if (!TEXT.matcher(value).matches()) {
                throw new TypeConversionException(
                        "'"
                                + value
                                + "' is not a number of days, hours or minutes, as 90d, 2160h or 30m");
            }
            var last = value.length() - 1;
            var number = Long.parseLong(value.substring(0, last));
            var time =
                    switch (value.charAt(last)) {
                        case 'd' -> Duration.ofDays(number);
                        case 'h' -> Duration.ofHours(number);
                        default -> Duration.ofMinutes(number);
                    };
            if (time.compareTo(SHORTEST) < 0 || time.compareTo(LONGEST) > 0) {
                throw new TypeConversionException(
                        "'"
                                + value
                                + "' is not between 10 minutes and 49,710 days, as API servers want it");
            }
            return new Lifetime(time);
        }
    }
}
