import type { Shape } from './api/client';

/** The outcome of a drill: counts and durations, nobody's data. */
export type Outcome = Shape<'DrillBody'>;

/** Steps with their time before, where the same step was taken then. */
export function compared(outcome: Outcome, before: Outcome | undefined) {
  const times = new Map(before?.steps.map((step) => [step.name, step.ms]));
  const longest = Math.max(1, ...outcome.steps.map((step) => step.ms), ...times.values());
  return outcome.steps.map((step) => ({ ...step, before: times.get(step.name), share: step.ms / longest, shareBefore: (times.get(step.name) ?? 0) / longest }));
}
