/** The outcome of a drill: counts and durations, nobody's data. */
export interface Outcome {
  id: number;
  affected: number;
  steps: { name: string; ms: number }[];
  notices: { planned: number; accepted: number; delivered: number; failed: number; in_doubt: number; duplicate: number };
  total_ms: number;
  to_first_text_ms: number;
  clocks: number;
  report_unknown: number;
  timeline: number;
  seed: number;
  trouble: string;
  ordered_by: string;
  started_at: string;
}

/** Whether an answer is an outcome: its shape is not in the server's document. */
export function isOutcome(value: unknown): value is Outcome {
  const outcome = value as Partial<Outcome> | null;
  return typeof outcome === 'object' && outcome !== null && typeof outcome.id === 'number' && Array.isArray(outcome.steps);
}

/** Steps with their time before, where the same step was taken then. */
export function compared(outcome: Outcome, before: Outcome | undefined) {
  const times = new Map(before?.steps.map((step) => [step.name, step.ms]));
  const longest = Math.max(1, ...outcome.steps.map((step) => step.ms), ...times.values());
  return outcome.steps.map((step) => ({ ...step, before: times.get(step.name), share: step.ms / longest, shareBefore: (times.get(step.name) ?? 0) / longest }));
}
