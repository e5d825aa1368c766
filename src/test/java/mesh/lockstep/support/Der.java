package mesh.lockstep.support;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/// Just enough DER for a certificate after RFC 5280: Java reads certificates and writes none.
final class Der {

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int UTF8_STRING = 0x0C;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int VERSION = 0xA0;
    private static final int EXTENSIONS = 0xA3;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    private static final byte[] TRUE = hex("0101FF");
    private static final byte[] SHA256_WITH_ECDSA = element(SEQUENCE, hex("06082A8648CE3D040302"));
    private static final byte[] COMMON_NAME = hex("0603550403");
    private static final byte[] BASIC_CONSTRAINTS = hex("0603551D13");
    private static final byte[] SUBJECT_ALTERNATIVE_NAME = hex("0603551D11");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Der() {}

    static byte[] certificate(byte[] body, byte[] signature) {
        return element(
                SEQUENCE, body, SHA256_WITH_ECDSA, element(BIT_STRING, new byte[1], signature));
    }

    static byte[] certificateBody(
            int number,
            byte[] issuer,
            Instant from,
            Instant until,
            byte[] subject,
            byte[] publicKey,
            byte[] extension) {
        return element(
                SEQUENCE,
                element(VERSION, element(INTEGER, new byte[] {2})),
                element(INTEGER, BigInteger.valueOf(number).toByteArray()),
                SHA256_WITH_ECDSA,
                issuer,
                element(SEQUENCE, time(from), time(until)),
                subject,
                publicKey,
                element(EXTENSIONS, element(SEQUENCE, extension)));
    }

    static byte[] name(String commonName) {
        var text = element(UTF8_STRING, commonName.getBytes(StandardCharsets.UTF_8));
        return element(SEQUENCE, element(SET, element(SEQUENCE, COMMON_NAME, text)));
    }

    /// The extension by which a certificate may sign others.
    static byte[] isAuthority() {
        var content = element(OCTET_STRING, element(SEQUENCE, TRUE));
        return element(SEQUENCE, BASIC_CONSTRAINTS, TRUE, content);
    }

    /// The extension that names a server.
    static byte[] isFor(InetAddress address) {
        return isFor(element(IP_ADDRESS, address.getAddress()));
    }

    /// The same for a name.
    static byte[] isFor(String host) {
        return isFor(element(DNS_NAME, host.getBytes(StandardCharsets.US_ASCII)));
    }

    private static byte[] isFor(byte[] name) {
        var names = element(SEQUENCE, name);
        return element(SEQUENCE, SUBJECT_ALTERNATIVE_NAME, element(OCTET_STRING, names));
    }

    private static byte[] time(Instant instant) {
        return element(GENERALIZED_TIME, TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static byte[] element(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        var whole = new ByteArrayOutputStream();
        whole.write(tag);
        if (length > 0xFF) {
            whole.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8)});
        } else if (length > 0x7F) {
            whole.write(0x81);
        }
        whole.write(length & 0xFF);
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }
}
