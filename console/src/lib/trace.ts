import type { Shape } from './api/client';
import type { Line, Stone } from './graph';

/** One reason for or against a source: a code with its counts. */
export type Reason = Shape<'TraceReason'>;

/** Who held a copy, or what was given, and how well it explains the file. */
export type Holder = Shape<'TraceProcessor'>;
export type Given = Shape<'TraceDisclosure'>;

/** The report of a trace: counts, numbers and reasons, nobody's data. */
export type Report = Shape<'TraceReport'>;

/** Most sources in the picture; the table has them all. */
const SHOWN_MAX = 5;

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

/** A text as a header carries it (RFC 8187): a header has no letters but ASCII. */
export function inHeader(text: string): string {
  const isPlain = /^[ -~]*$/.test(text) && !/^utf-8''/i.test(text);
  return isPlain ? text : `UTF-8''${encodeURIComponent(text)}`;
}
