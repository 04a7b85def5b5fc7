import type { Line, Stone } from './graph';

/** One reason for or against a source: a code with its counts. */
export interface Reason {
  code: string;
  rows?: number;
  canaries?: number;
  known?: number;
  of?: number;
  size?: number;
  kinds?: string[];
  with?: string[];
}

/** A source and how well it explains the file. */
export interface Share {
  id: string;
  name?: string;
  processor?: string;
  rows: number;
  score: number;
  share?: number;
  why: string;
  reasons: Reason[];
}

/** The report of a trace, as the server gives it: counts, numbers and reasons, nobody's data. */
export interface Report {
  schema: number;
  trace: string;
  evidence: string;
  rows: number;
  subjects: { exact: number; total: number };
  unknown_rows: number;
  erased_rows: number;
  ambiguous_rows: number;
  coincidences: number;
  repeats: number;
  conflicts: number;
  elapsed_ms: number;
  canaries: { disclosure: string; canaries: number; rows: number }[];
  processors: Share[];
  disclosures: Share[];
  attribution: { verdict: string; why: string; reasons: Reason[] };
  columns: { column: number; readings: { as: string; kind: string; asked: number; hits: number; by_header: boolean }[] }[];
  faults: { total: number; shown: { line: number; reason: string }[] };
}

/** Most sources in the picture; the table has them all. */
const SHOWN_MAX = 5;

/** Whether an answer is a report: its shape is not in the server's document. */
export function isReport(value: unknown): value is Report {
  const report = value as Partial<Report> | null;
  return typeof report === 'object' && report !== null && typeof report.trace === 'string' && Array.isArray(report.processors);
}

/** The words of the picture, in the language that is spoken. */
export interface Words {
  ours: string;
  bank: string;
  rows: (count: number) => string;
  reason: (reasons: Reason[]) => string;
  gave: (count: number) => string;
  own: string;
}

/** A reason in the language that is spoken; `told` fills a message of that name. */
export function reasonText(
  reason: Reason,
  told: (key: string, otherwise: string, values: Record<string, string | number>) => string
): string {
  return told(`reason.${reason.code}`, reason.code, {
    rows: reason.rows ?? 0,
    canaries: reason.canaries ?? 0,
    known: reason.known ?? 0,
    of: reason.of ?? 0,
    size: reason.size ?? 0,
    kinds: (reason.kinds ?? []).map((kind) => told(`field.${kind}`, kind, {})).join(', '),
    with: (reason.with ?? []).join(', ')
  });
}

/**
 * Bank, processors, disclosures and file as stones and lines: a lane for each disclosure, the last one
 * for our own copy, which is always among the suspects.
 */
export function pictureOf(report: Report, name: string, words: Words): { stones: Stone[]; lines: Line[] } {
  const ours = report.processors.find((one) => one.id === 'ours');
  const holders = report.processors.filter((one) => one.id !== 'ours');
  const order = (id: string | undefined) => holders.findIndex((one) => one.id === id);
  const disclosures = report.disclosures.slice(0, SHOWN_MAX).toSorted((a, b) => order(a.processor) - order(b.processor));
  const processors = holders.filter((one) => disclosures.some((given) => given.processor === one.id));
  const leading = report.attribution.verdict === 'processor' ? holders[0]?.id : undefined;
  const last = disclosures.length;
  const middle = last / 2;

  const laneOf = (id: string) => {
    const lanes = disclosures.flatMap((given, lane) => (given.processor === id ? [lane] : []));
    return lanes.reduce((sum, lane) => sum + lane, 0) / Math.max(lanes.length, 1);
  };
  const stones: Stone[] = [
    { id: 'bank', column: 0, lane: middle, title: words.bank },
    ...processors.map((one) => ({
      id: one.id,
      column: 1,
      lane: laneOf(one.id),
      title: one.name ?? one.id,
      about: one.id,
      role: one.id === leading ? ('warning' as const) : undefined,
      href: `/outsiders/${one.id}`
    })),
    ...disclosures.map((one, lane) => ({ id: one.id, column: 2, lane, title: one.id, about: words.rows(one.rows) })),
    { id: 'ours', column: 2, lane: last, title: words.ours, about: words.own, role: report.attribution.verdict === 'ours' ? ('warning' as const) : undefined },
    { id: 'file', column: 3, lane: middle, title: name, about: words.rows(report.rows) }
  ];
  const lines: Line[] = [
    ...processors.map((one) => ({
      from: 'bank',
      to: one.id,
      score: one.score / 2,
      reason: words.gave(disclosures.filter((given) => given.processor === one.id).length)
    })),
    ...disclosures.filter((one) => one.processor).map((one) => ({ from: one.processor!, to: one.id, score: one.score, reason: '' })),
    { from: 'bank', to: 'ours', score: 0, reason: '' },
    ...disclosures.map((one) => ({ from: one.id, to: 'file', score: one.score, reason: words.reason(one.reasons.slice(0, 1)) })),
    { from: 'ours', to: 'file', score: ours?.score ?? 0, reason: words.reason((ours?.reasons ?? []).slice(0, 1)) }
  ];
  return { stones, lines };
}
