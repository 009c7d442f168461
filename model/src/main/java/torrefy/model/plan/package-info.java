/// What a training run will cost, before it begins: time, memory, energy, money, and how good the model can be for it.
///
/// ```java
/// StepSetup setup = StepSetup.of(TransformerConfig.gpt2(4096, 256, 4, 4, 256), 8);
/// RecordedStep step = RecordedStep.of(setup);
/// Calibration machine = Calibration.of(Backends.standard(), Optional.empty(), false, Duration.ofSeconds(17));
/// KernelTimes times = machine.times(step, 1);
/// System.out.println(StepCost.of(step, times).seconds() + " s a step, " + setup.memory().stepBytes() + " bytes");
/// ```
///
/// The key idea: a step is rehearsed on a backend that computes nothing. That tells which kernels it calls, how often
/// and on arrays of which sizes; each of these calls is then timed alone, and the step takes their sum, stretched by
/// what a trained part of the step takes longer than its calls. No formula has to keep up with the model, and every
/// second of the forecast has a name.
///
/// Read [RecordedStep] first, then [StepCost], then [StepTrial], which measures. A [Calibration] keeps what was timed
/// for the next plan. A [Proposal] asks the other way round, which model a budget is best spent on.
package torrefy.model.plan;
