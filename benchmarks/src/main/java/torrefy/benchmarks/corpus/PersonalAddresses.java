package torrefy.benchmarks.corpus;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// E-mail and IP addresses and phone numbers as people write them, no two alike.
final class PersonalAddresses {

    private PersonalAddresses() {}

    /// One of each kind.
    ///
    /// @param number below 10,000
    static List<String> of(int number) {
        return List.of(email(number), ipv4(number), ipv6(number), phone(number));
    }

    /// A sentence for each.
    static List<String> sentences(int number) {
        List<String> addresses = of(number);
        List<String> said = switch (number % 3) {
            case 0 -> List.of("Write to %s.", "The server at %s is down,", "so take [%s] for now,", "or call %s!");
            case 1 -> List.of("(mail: <%s>)", "see http://%s:8080/index.html and", "http://[%s]/", "Tel. %s");
            default -> List.of("From \"%s\" we heard", "of hosts %s;", "%s", "and of the phone %s, at night.");
        };
        return IntStream.range(0, said.size())
                .mapToObj(i -> String.format(Locale.ROOT, said.get(i), addresses.get(i)))
                .toList();
    }

    private static String email(int number) {
        String form = switch (number % 5) {
            case 0 -> "anna.smith%d@example.com";
            case 1 -> "b_jones%d@mail.example.co.uk";
            case 2 -> "c.miller+list%d@example.org";
            case 3 -> "jürgen.groß%d@example-firm.de";
            default -> "D%d@HOST7.EXAMPLE.EDU";
        };
        return String.format(Locale.ROOT, form, number);
    }

    private static String ipv4(int number) {
        return String.format(Locale.ROOT, "%d.%d.%d.7", 70 + number % 30, 1 + number / 200, 1 + number % 200);
    }

    private static String ipv6(int number) {
        String form = switch (number % 3) {
            case 0 -> "2001:db8:%x::1";
            case 1 -> "2a02:8108:9640:%x:d5a:2b:77:9f03";
            default -> "2607:f8b0:4004:%x::200e";
        };
        return String.format(Locale.ROOT, form, 1 + number);
    }

    private static String phone(int number) {
        String form = switch (number % 7) {
            case 0 -> "+1 212 555 %04d";
            case 1 -> "(415) 555-%04d";
            case 2 -> "617-555-%04d";
            case 3 -> "+49 30 5550 %04d";
            case 4 -> "+44 20 7946 %04d";
            case 5 -> "+49 (0)89 123%04d";
            default -> "+81-3-1234-%04d";
        };
        return String.format(Locale.ROOT, form, number);
    }
}
