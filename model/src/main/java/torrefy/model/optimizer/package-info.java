/// How weights follow their gradients: AdamW, the learning rate over a run, and clipping.
///
/// ```java
/// AdamW optimizer = new AdamW(space, AdamW.Settings.standard());
/// Schedule schedule = new Schedule(1e-3f, 0.05f, 0.1f);
/// loss.backward();
/// optimizer.step(schedule.at(0.5), GradientNorm.clip(GradientNorm.of(space), 1));
/// ```
///
/// The key idea: nothing here runs a loop or knows a model. Gradients lie beside the weights in a parameter space, all
/// in one row; the norm is one pass over them, and the step, which leaves them at zero, another. Each of the three
/// answers one question about them (how long are they together, how far to go now, which way), and
/// whoever trains puts the answers together.
///
/// Read [AdamW] first.
package torrefy.model.optimizer;
