package torrefy.tokenizer.corpus.filter;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Masks e-mail addresses, IP addresses and phone numbers: each becomes `<email>`, `<ip>`, `<phone>`. FineWeb (Penedo
/// et al. 2024, arXiv 2406.17557, appendix) and The Stack mask the first two.
///
/// Numbers are masked with care, because code and tables are full of them: an IPv4 address must have four parts up to
/// 255 that no further digit or point touches, and not be one that everybody has (`127.0.0.1`, `0.0.0.0`, private
/// ranges); a phone number must be international (`+` and 8 to 15 digits) or grouped as in North America.
public record PersonalData() implements TextFilter {

    private static final Pattern EMAIL = Pattern.compile(
            "(?<![\\w.+-])[\\w.+-]{1,64}+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\\.){1,8}[A-Za-z]{2,24}(?![\\w-])");
    private static final String PART = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern IP = Pattern.compile("(?<![\\w.])" + PART + "(?:\\." + PART + "){3}(?![\\w]|\\.\\d)");
    private static final Pattern OF_EVERYBODY = Pattern.compile(
            "(?:127|0|10|255|22[4-9]|23\\d|24\\d|25\\d)\\..*|192\\.168\\..*|172\\.(?:1[6-9]|2\\d|3[01])\\..*"
                    + "|\\d+\\.\\d+\\.0\\.0");
    private static final Pattern PHONE = Pattern.compile(
            "(?<![\\w+.-])(?:\\+\\d{1,3}[ .-]?(?:\\(\\d{1,4}\\)[ .-]?)?\\d{1,4}"
                    + "(?:[ .-]?\\d{2,4}){2,4}|\\(\\d{3}\\) ?\\d{3}[-. ]\\d{4}|\\d{3}[-.]\\d{3}[-.]\\d{4})(?![\\w-]|\\.\\d)");

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
        Masking masking = new Masking(text.text());
        if (text.text().indexOf('@') >= 0) {
            masking.mask(EMAIL, "<email>");
        }
        masking.mask(IP, "<ip>");
        masking.mask(PHONE, "<phone>");
        return masking.count == 0
                ? Judgement.keep(text)
                : Judgement.change(masking.text, masking.count + (masking.count == 1 ? " mask" : " masks"));
    }

    private static final class Masking {
        private String text;
        private int count;

        Masking(String text) {
            this.text = text;
        }

        void mask(Pattern pattern, String mask) {
            Matcher matcher = pattern.matcher(text);
            StringBuilder masked = null;
            int at = 0;
            while (matcher.find()) {
                if (pattern == IP && OF_EVERYBODY.matcher(matcher.group()).matches()) {
                    continue;
                }
                masked = masked == null ? new StringBuilder() : masked;
                masked.append(text, at, matcher.start()).append(mask);
                at = matcher.end();
                count++;
            }
            text = masked == null
                    ? text
                    : masked.append(text, at, text.length()).toString();
        }
    }
}
