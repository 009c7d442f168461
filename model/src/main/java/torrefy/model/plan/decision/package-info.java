/// Whether to build a model or to buy one: four ways compared for one user's numbers.
///
/// ```java
/// Circumstances given = new Circumstances(50e6, 2000, true, false, 0.05, false, 7e9, Machines.hired());
/// DecisionReport report = DecisionReport.of(given, HardwareTable.standard().get("H100"));
/// System.out.println(report.text(false));
/// ```
///
/// The key idea: every number has a formula and a source that stand beside it, and the recommendation follows from
/// rules that can be read: they are the doc comment of [torrefy.model.plan.decision.Recommendation], in the order of
/// its code.
///
/// Read [torrefy.model.plan.decision.Recommendation] first.
package torrefy.model.plan.decision;
