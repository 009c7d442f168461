package torrefy.tokenizer.corpus.filter;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Masks e-mail addresses, IP addresses and phone numbers: each becomes `<email>`, `<ip>`, `<phone>`. FineWeb (Penedo
/// et al. 2024, arXiv 2406.17557, appendix) and The Stack mask the first two.
///
/// Numbers are masked with care, because code and tables are full of them:
///
/// - an IPv4 address must have four parts up to 255 that no further digit or point touches, not be one that everybody
///   has (`127.0.0.1`, `0.0.0.0`, private ranges), and not stand after a word such as `version`;
/// - an IPv6 address must be one of those given out so far, which begin with 2 or 3 (RFC 4291, 2.4), and have eight
///   groups, or fewer and `::`;
/// - a phone number must be international, `+` and a code that there can be before 7 or more digits in groups (ITU-T
///   E.164), or grouped as in North America, where no area and no exchange begins with 0 or 1.
public record PersonalData() implements TextFilter {

    private static final Pattern EMAIL = Pattern.compile(
            "[\\wÀ-ÖØ-öø-ɏ.+-]{1,64}+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\\.){1,8}[A-Za-z]{2,24}(?![\\w-])");
    private static final String PART = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern IPV4 = Pattern.compile(PART + "(?:\\." + PART + "){3}(?!\\w|\\.\\d)");
    private static final Pattern OF_EVERYBODY = Pattern.compile(
            "(?:127|0|10|255|22[4-9]|23\\d|24\\d|25\\d)\\..*|192\\.168\\..*|172\\.(?:1[6-9]|2\\d|3[01])\\..*"
                    + "|\\d+\\.\\d+\\.0\\.0");

    /// Four parts with a point between are also how programs and chapters are numbered.
    private static final Pattern NUMBERED =
            Pattern.compile("(?i)\\b(?:version|ver|v|release|revision|rev|build|section|chapter|clause)[.:=]? *\\z");

    private static final int LONGEST_NUMBERED = 12;

    /// Digits, at most, in the first group of an IPv4 address and of a phone number that begins with a digit.
    private static final int GROUP_DIGITS = 3;

    /// Digits in the first group of an IPv6 address.
    private static final int IPV6_DIGITS = 4;

    private static final String GROUP = "[0-9A-Fa-f]{1,4}";
    private static final Pattern IPV6 = Pattern.compile("[23][0-9A-Fa-f]{3}(?:(?::" + GROUP + "){7}|(?::" + GROUP
            + "){0,5}::(?:" + GROUP + "(?::" + GROUP + "){0,5})?)(?![\\w:])");

    private static final Pattern PHONE = Pattern.compile("(?:"
            // +1 212 555 0123
            + "\\+1[ .-]?(?:\\([2-9]\\d{2}\\)|[2-9]\\d{2})[ .-]?[2-9]\\d{2}[ .-]?\\d{4}"
            // +49 (0)30 12345-67; at least 7 digits after the code, and more than one point if any
            + "|\\+(?:7|[2-9]\\d{1,2})(?!\\.\\d+(?![.\\d]))(?=(?:[ .()-]{0,2}\\d){7})"
            + "[ .-]?(?:\\(\\d{1,4}\\)[ .-]?)?0?[1-9]\\d{0,3}(?:[ .-]?\\d{2,4}){2,4}"
            + "|\\([2-9]\\d{2}\\) ?[2-9]\\d{2}[-. ]\\d{4}|[2-9]\\d{2}[-.][2-9]\\d{2}[-.]\\d{4}"
            + ")(?![\\w-]|\\.\\d)");

    /// True for the characters that may be masked from: the `@` of an address, and what a number begins with.
    private static final boolean[] SIGNAL = new boolean[128];

    static {
        for (char c : "@+(0123456789".toCharArray()) {
            SIGNAL[c] = true;
        }
    }

    @Override
    public String name() {
        return "mask-personal";
    }

    @Override
    public String source() {
        return "e-mail, IP and phone masked, the first two as in Penedo et al. 2024, arXiv 2406.17557";
    }

    @Override
    public Judgement judge(TextView text) {
        String masked = new Masking(text.text()).masked();
        return masked == null ? Judgement.keep(text) : Judgement.change(masked, "masked");
    }

    /// A regular expression that is tried at every character is slow, so the characters are looked at first: an address
    /// has an `@`, a number begins with one of a few characters that continues nothing, and the sign after its first
    /// digits tells of most that they are no address and no telephone.
    private static final class Masking {
        private final String text;
        private final Matcher email;
        private final Matcher ipv4;
        private final Matcher ipv6;
        private final Matcher phone;
        private StringBuilder masked;
        private int copied;

        Masking(String text) {
            this.text = text;
            email = EMAIL.matcher(text).useTransparentBounds(true);
            ipv4 = IPV4.matcher(text).useTransparentBounds(true);
            ipv6 = IPV6.matcher(text).useTransparentBounds(true);
            phone = PHONE.matcher(text).useTransparentBounds(true);
        }

        /// Null if there was nothing to mask.
        String masked() {
            for (int at = 0; at < text.length(); ) {
                char c = text.charAt(at);
                if (c >= SIGNAL.length || !SIGNAL[c]) {
                    at++;
                } else if (c == '@') {
                    at = maskEmail(at);
                } else {
                    at = beginsNumber(at) ? maskNumber(at) : at + 1;
                }
            }
            return masked == null
                    ? null
                    : masked.append(text, copied, text.length()).toString();
        }

        private int maskEmail(int sign) {
            int start = sign;
            while (start > copied && isLocal(text.charAt(start - 1))) {
                start--;
            }
            return start < sign && matches(email, start) ? mask(start, email.end(), "<email>") : sign + 1;
        }

        /// The Latin letters with accents are among those of a name; letters of scripts that leave no space before an
        /// address are not.
        private static boolean isLocal(char c) {
            return continuesNumber(c) || c >= 'À' && c <= 'ɏ' && Character.isLetter(c);
        }

        private static boolean continuesNumber(char c) {
            return isWord(c) || c == '.' || c == '+' || c == '-';
        }

        private static boolean isWord(char c) {
            int letter = c | 0x20;
            return letter >= 'a' && letter <= 'z' || c >= '0' && c <= '9' || c == '_';
        }

        /// Whether a number may begin here: nothing is continued, and it goes on as `(212`, `+49`, `192.`, `212-` or
        /// `2001:`.
        private boolean beginsNumber(int at) {
            if (at > 0 && continuesNumber(text.charAt(at - 1))) {
                return false;
            }
            if (!isDigit(at)) {
                return isDigit(at + 1);
            }
            int end = at + 1;
            while (end < at + GROUP_DIGITS && isDigit(end)) {
                end++;
            }
            return isAt(end, '.') || isAt(end, '-') || isAt(at + IPV6_DIGITS, ':');
        }

        private boolean isDigit(int at) {
            return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
        }

        private boolean isAt(int at, char c) {
            return at < text.length() && text.charAt(at) == c;
        }

        private int maskNumber(int at) {
            boolean isDigit = isDigit(at);
            if (isDigit && matches(ipv4, at)) {
                return OF_EVERYBODY.matcher(ipv4.group()).matches() || isNumbered(at)
                        ? ipv4.end()
                        : mask(at, ipv4.end(), "<ip>");
            }
            if (isDigit && matches(ipv6, at)) {
                return mask(at, ipv6.end(), "<ip>");
            }
            return matches(phone, at) ? mask(at, phone.end(), "<phone>") : at + 1;
        }

        private boolean isNumbered(int at) {
            return NUMBERED.matcher(text)
                    .region(Math.max(0, at - LONGEST_NUMBERED), at)
                    .useTransparentBounds(true)
                    .find();
        }

        private boolean matches(Matcher matcher, int at) {
            return matcher.region(at, text.length()).lookingAt();
        }

        private int mask(int start, int end, String mask) {
            masked = masked == null ? new StringBuilder() : masked;
            masked.append(text, copied, start).append(mask);
            copied = end;
            return end;
        }
    }
}
