package torrefy.examples.command;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Sizes of memory as Java's own `-Xmx` takes them: 500m, 4g, 64k.
final class ByteSizeConverter implements ITypeConverter<Long> {

    @Override
    public Long convert(String value) {
        String text = value.toLowerCase(Locale.ROOT);
        int power = text.isEmpty() ? -1 : "kmgt".indexOf(text.charAt(text.length() - 1)) + 1;
        try {
            double number = Double.parseDouble(power > 0 ? text.substring(0, text.length() - 1) : text);
            double bytes = number * Math.pow(1024, power);
            if (bytes >= 1 && bytes < Long.MAX_VALUE) {
                return (long) bytes;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new TypeConversionException("must be a size such as 500m or 4g, got " + value);
    }
}
