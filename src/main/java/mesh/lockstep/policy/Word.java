package mesh.lockstep.policy;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Arrays;

/// A word of a manifest in the text of a statement, so that nobody can write a word that reads as
/// something else.
public final class Word {

    private static final boolean[] PLAIN = new boolean[128];

    static {
        Arrays.fill(PLAIN, 'a', 'z' + 1, true);
        Arrays.fill(PLAIN, 'A', 'Z' + 1, true);
        Arrays.fill(PLAIN, '0', '9' + 1, true);
        "._-/:<>@+".chars().forEach(character -> PLAIN[character] = true);
    }

    private Word() {}

    /// The word as it is if it is plain, as most are: letters, digits and few other characters; in
    /// quotes if not. No word is written like another.
    public static String of(String word) {
        return isPlain(word) ? word : quoted(word);
    }

    /// The word as a text of JSON.
    public static String quoted(String word) {
        return "\"" + (isPlain(word) ? word : escaped(word)) + "\"";
    }

    private static String escaped(String word) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(word));
    }

    private static boolean isPlain(String word) {
        for (int i = 0; i < word.length(); i++) {
            var character = word.charAt(i);
            if (character >= PLAIN.length || !PLAIN[character]) {
                return false;
            }
        }
        return !word.isEmpty();
    }

    /// Whether it is one of the 52 of ASCII.
    public static boolean isLetter(char character) {
        return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    }

    /// Whether it is one of the ten of ASCII.
    public static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    /// Whether there is something, and nothing in it but letters, digits, and these signs.
    public static boolean isMadeOf(String text, String signs) {
        for (int i = 0; i < text.length(); i++) {
            var character = text.charAt(i);
            if (!isLetter(character) && !isDigit(character) && signs.indexOf(character) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
