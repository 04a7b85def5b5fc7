import { Problem } from './api/problem';

/** Between two looks, in milliseconds, while nobody pushes. */
const LOOK_MS = 5000;
/** Longest wait after failures, in milliseconds. */
const LOOK_MS_MAX = 60_000;

/**
 * Something that changes while one looks. It listens to server-sent events where the server has them
 * and looks again and again where it has not; it rests while the tab is hidden. What was seen last
 * stays, with the problem beside it.
 */
export class Live<T> {
  value = $state<T>();
  problem = $state<Problem>();
  /** When it was last seen to be so. */
  at = $state(0);

  #look: () => Promise<T>;
  #everyMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #source: EventSource | undefined;
  #failures = 0;
  #isRunning = false;

  constructor(look: () => Promise<T>, { events, everyMs = LOOK_MS }: { events?: string; everyMs?: number } = {}) {
    this.#look = look;
    this.#everyMs = everyMs;
    $effect(() => {
      this.#isRunning = true;
      if (events && 'EventSource' in globalThis) this.#listen(events);
      const woken = () => !document.hidden && this.again();
      document.addEventListener('visibilitychange', woken);
      void this.again();
      return () => {
        this.#isRunning = false;
        clearTimeout(this.#timer);
        this.#source?.close();
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
    const isPushed = this.#source?.readyState === 1;
    if (!this.#isRunning || document.hidden || isPushed || this.problem?.kind === 'lost') return;
    const wait = Math.min(this.#everyMs * 2 ** this.#failures, LOOK_MS_MAX);
    this.#timer = setTimeout(() => void this.again(), wait);
  }

  #listen(address: string): void {
    this.#source = new EventSource(address);
    this.#source.addEventListener('message', () => void this.again());
    this.#source.addEventListener('error', () => this.#plan());
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
