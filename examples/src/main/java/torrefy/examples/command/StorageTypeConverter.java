package torrefy.examples.command;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import torrefy.core.memory.DataType;

/// `f32` and `bf16`, as users write them.
final class StorageTypeConverter implements ITypeConverter<DataType> {

    @Override
    public DataType convert(String value) {
        return switch (value) {
            case "f32" -> DataType.F32;
            case "bf16" -> DataType.BF16;
            default -> throw new TypeConversionException("must be f32 or bf16, got " + value);
        };
    }
}
