import { isPushed, onEvent } from './events';
import { Problem } from './api/problem';

/** Between two looks, in milliseconds, while nobody pushes. */
const LOOK_MS = 5000;
/** Longest wait after failures, in milliseconds. */
const LOOK_MS_MAX = 60_000;

/** Shortest time between two looks that events ask for, in milliseconds. */
const LOOK_MS_MIN = 300;

/**
 * Something that changes while one looks. It looks again when the server says that something of `about`
 * (nouns and ids) changed, and now and then by itself; it rests while the tab is hidden. What was seen
 * last stays, with the problem beside it.
 */
export class Live<T> {
  value = $state<T>();
  problem = $state<Problem>();
  /** When it was last seen to be so. */
  at = $state(0);

  #look: () => Promise<T>;
  #everyMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #woken: ReturnType<typeof setTimeout> | undefined;
  #isHeard = false;
  #failures = 0;
  #isRunning = false;

  constructor(look: () => Promise<T>, { about = [], everyMs = LOOK_MS }: { about?: readonly string[]; everyMs?: number } = {}) {
    this.#look = look;
    this.#everyMs = everyMs;
    $effect(() => {
      this.#isRunning = true;
      this.#isHeard = about.length > 0;
      const deafen = this.#isHeard ? onEvent(about, () => this.#wake()) : undefined;
      const woken = () => !document.hidden && this.again();
      document.addEventListener('visibilitychange', woken);
      void this.again();
      return () => {
        this.#isRunning = false;
        clearTimeout(this.#timer);
        clearTimeout(this.#woken);
        this.#woken = undefined;
        deafen?.();
        document.removeEventListener('visibilitychange', woken);
      };
    });
  }

  /** Looks now. */
  async again(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const value = await this.#look();
      if (!this.#isRunning) return;
      this.value = value;
      this.problem = undefined;
      this.at = Date.now();
      this.#failures = 0;
    } catch (thrown) {
      if (!this.#isRunning) return;
      this.problem = Problem.from(thrown);
      this.#failures += 1;
    }
    this.#plan();
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (!this.#isRunning || document.hidden || this.problem?.kind === 'lost') return;
    const wait = this.#isHeard && isPushed() && !this.problem ? LOOK_MS_MAX : this.#everyMs * 2 ** this.#failures;
    this.#timer = setTimeout(() => void this.again(), Math.min(wait, LOOK_MS_MAX));
  }

  #wake(): void {
    if (document.hidden || this.#woken) return;
    this.#woken = setTimeout(() => {
      this.#woken = undefined;
      void this.again();
    }, LOOK_MS_MIN);
  }
}

/** The time, told anew every so often. */
export class Now {
  ms = $state(Date.now());

  constructor(everyMs = 30_000) {
    $effect(() => {
      const timer = setInterval(() => (this.ms = Date.now()), everyMs);
      return () => clearInterval(timer);
    });
  }
}
