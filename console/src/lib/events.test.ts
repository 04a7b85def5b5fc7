import { describe, expect, it } from 'vitest';
import { isAbout } from './events';

describe('events', () => {
  const event = JSON.stringify({ noun: 'notice', what: 'notice.progress', ids: ['L-1', 'N-1'] });

  it('wake who asked for the noun or an id', () => {
    expect(isAbout(event, ['notice'])).toBe(true);
    expect(isAbout(event, ['L-1'])).toBe(true);
    expect(isAbout(event, ['L-2', 'incident'])).toBe(false);
  });

  it('wake everybody when something was missed or is not understood', () => {
    expect(isAbout(JSON.stringify({ noun: 'stream', what: 'stream.look-again', ids: [] }), ['L-9'])).toBe(true);
    expect(isAbout('{', ['L-9'])).toBe(true);
  });
});
