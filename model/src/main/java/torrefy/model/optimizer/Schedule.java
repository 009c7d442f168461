package torrefy.model.optimizer;

/// The learning rate as a function of progress: a linear warm-up, then half a cosine down to a floor. Loshchilov and
/// Hutter, "SGDR", arXiv 1608.03983, equation 5, without restarts.
///
/// Progress runs from 0 to 1 over the run, in steps or in time, whichever its length is given in.
///
/// @param peak the highest learning rate
/// @param warmup the share of the run that warms up, in [0, 1)
/// @param floor the learning rate at the end, as a share of the peak
public record Schedule(float peak, float warmup, float floor) {

    public Schedule {
        if (!(peak > 0 && warmup >= 0 && warmup < 1 && floor >= 0 && floor <= 1)) {
            throw new IllegalArgumentException(
                    "schedule: the peak must be above 0, warm-up in [0, 1), the floor in [0, 1];" + " got " + peak
                            + ", " + warmup + ", " + floor);
        }
    }

    /// The learning rate at `progress`; clamped to [0, 1].
    public float at(double progress) {
        double p = Math.clamp(progress, 0.0, 1.0);
        if (p < warmup) {
            return (float) (peak * p / warmup);
        }
        double cosine = (1 + Math.cos(Math.PI * (p - warmup) / (1 - warmup))) / 2;
        return (float) (peak * (floor + (1 - floor) * cosine));
    }
}
