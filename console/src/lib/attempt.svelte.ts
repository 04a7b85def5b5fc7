import { Problem } from './api/problem';

/** Doing something once at a time, with why it failed. */
export class Attempt {
  isBusy = $state(false);
  problem = $state<Problem>();

  /** Does it; says whether it was done. */
  async run(act: () => Promise<void>): Promise<boolean> {
    this.isBusy = true;
    this.problem = undefined;
    try {
      await act();
      return true;
    } catch (thrown) {
      this.problem = Problem.from(thrown);
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  /** Forgets why it failed, such as when the form is opened anew. */
  reset(): void {
    this.problem = undefined;
  }
}
