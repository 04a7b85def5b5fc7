import type { StatusRole } from './status';

/** A deadline. Times in milliseconds. */
export interface ClockBar {
  id: string;
  name: string;
  from: number;
  until: number;
  /** When it was stopped on evidence. */
  stopped?: number;
  href?: string;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Distances between two marks of the axis. */
const STEPS = [HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 91 * DAY, 182 * DAY, 365 * DAY];
/** Least room for a mark's words, in pixels. */
const MARK_WIDTH = 80;

/** How pressing a clock is: over, the last quarter or the last day, running, or stopped. */
export function roleOf(clock: ClockBar, now: number): StatusRole {
  if (clock.stopped !== undefined) return clock.stopped <= clock.until ? 'done' : 'warning';
  if (clock.until < now) return 'alert';
  const left = clock.until - now;
  return left < Math.max((clock.until - clock.from) / 4, HOUR) ? 'warning' : 'notice';
}

/** An axis of time that holds all clocks and now. */
export function axisOf(clocks: readonly ClockBar[], now: number, width: number) {
  const first = Math.min(now, ...clocks.map((clock) => clock.from));
  const last = Math.max(now + HOUR, ...clocks.map((clock) => clock.until));
  const spare = (last - first) * 0.03;
  const [from, to] = [first, last + spare];
  const x = (at: number) => ((at - from) / (to - from)) * width;
  const step = STEPS.find((size) => x(from + size) >= MARK_WIDTH) ?? STEPS.at(-1)!;
  const offset = new Date(now).getTimezoneOffset() * 60_000;
  const ticks: { at: number; x: number; isDay: boolean }[] = [];
  for (let at = Math.ceil((from - offset) / step) * step + offset; at < to; at += step) {
    ticks.push({ at, x: x(at), isDay: step >= DAY || (at - offset) % DAY === 0 });
  }
  return { x, width, ticks };
}
