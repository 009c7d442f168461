package torrefy.model.plan.decision;

import java.util.List;

/// What one way costs, needs, and stands on.
///
/// @param way which
/// @param dollars to spend once
/// @param machines of the hardware that it takes at once, at least
/// @param hours of all machines together
/// @param kilowattHours that those draw
/// @param tokenSeconds that a token of an answer takes at least
/// @param needs the text that it needs, in words
/// @param formulas each in words and numbers, with its source
/// @param obstacles why it is out of the question, each in words; empty if it is not
public record Estimate(
        Way way,
        double dollars,
        int machines,
        double hours,
        double kilowattHours,
        double tokenSeconds,
        String needs,
        List<String> formulas,
        List<String> obstacles) {

    public Estimate {
        formulas = List.copyOf(formulas);
        obstacles = List.copyOf(obstacles);
    }

    public boolean isPossible() {
        return obstacles.isEmpty();
    }
}
