package torrefy.benchmarks;

/// The shape of a matrix product `(m, k) × (k, n)`, and which operands lie in memory transposed.
public record ProductShape(int m, int n, int k, boolean transposeA, boolean transposeB) {

    /// As the benchmarks write it, `m × n × k` and N or T for each operand: `1024x2304x768-NT`.
    public static ProductShape parse(String shape) {
        String[] parts = shape.split("[x-]");
        return new ProductShape(
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                parts[3].charAt(0) == 'T',
                parts[3].charAt(1) == 'T');
    }

    /// Floating-point operations: a multiplication and an addition for each of m·n·k.
    public double flops() {
        return 2.0 * m * n * k;
    }

    @Override
    public String toString() {
        return m + " × " + n + " × " + k + " " + (transposeA ? 'T' : 'N') + (transposeB ? 'T' : 'N');
    }
}
