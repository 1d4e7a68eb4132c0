package dev.ecroperator.endtoend;

import dev.ecroperator.endtoend.CutLine.Effect;
import java.util.List;

/**
 * One telling of a story between fresh simulators, undisturbed or with a crash, and what came of
 * it.
 *
 * @param effects the operator's effects from the user's request on, in their order
 * @param end all that two runs must have in common at the end
 * @param <E> what that is
 */
record CrashRun<E>(List<Effect> effects, E end) {}
