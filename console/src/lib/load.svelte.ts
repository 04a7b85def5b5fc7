import { Problem } from './api/problem';

/** Something that is read once when a page opens, and again when asked. */
export class Load<T> {
  value = $state.raw<T>();
  problem = $state<Problem>();
  isBusy = $state(true);

  #read: (progress: (value: T) => void) => Promise<T>;
  #turn = 0;

  /** `read` may tell of parts before the whole is there. */
  constructor(read: (progress: (value: T) => void) => Promise<T>) {
    this.#read = read;
    void this.again();
  }

  /** Reads anew; what was there stays until the answer comes. */
  again = async (): Promise<void> => {
    const turn = (this.#turn += 1);
    this.isBusy = true;
    try {
      const value = await this.#read((part) => {
        if (turn === this.#turn) this.value = part;
      });
      if (turn !== this.#turn) return;
      this.value = value;
      this.problem = undefined;
    } catch (thrown) {
      if (turn === this.#turn) this.problem = Problem.from(thrown);
    } finally {
      if (turn === this.#turn) this.isBusy = false;
    }
  };
}
