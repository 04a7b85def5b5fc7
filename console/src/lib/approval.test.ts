import { beforeEach, expect, test, vi } from 'vitest';

const spoken = vi.hoisted(() => ({ language: 'en' as 'ko' | 'en' }));
vi.mock('./i18n/index.svelte', async () => {
  const messages = { en: (await import('../../messages/en.json')).default, ko: (await import('../../messages/ko.json')).default };
  const { fill } = await import('./i18n/format');
  const told = (key: string, otherwise: string, values = {}) => fill((messages[spoken.language] as Record<string, string>)[key] ?? otherwise, values, spoken.language);
  return { told, t: (key: string, values = {}) => told(key, key, values) };
});
const { askedFor, carriedOutAt } = await import('./approval');

beforeEach(() => {
  spoken.language = 'en';
});

const raw = { act: 'disclose.raw', summary: 'raw hand-over of 2000 subjects to P-4: nickname,ci; letters; on paper' };
const resume = { act: 'access.resume', summary: 'let P-1 in again, which C-2 cut off; the copy was ours' };
const fraud = { act: 'fraud.setup', summary: 'fraud detection: rules 0123456789ab, shadow rules ba9876543210, no model: less harm: at branches' };

test('a request is told in the language of the reader, with all that was agreed to', () => {
  expect(askedFor(raw)).toBe('Real values (nickname, CI) of 2,000 people to P-4: letters; on paper');
  expect(askedFor(resume)).toBe('Let P-1 in again, cut off by C-2: the copy was ours');
  expect(askedFor(fraud)).toBe('Decide on transactions by: rules 0123456789ab, rules beside ba9876543210, no model: less harm: at branches');
  spoken.language = 'ko';
  expect(askedFor(fraud)).toBe('거래 판정 기준 변경 (룰 0123456789ab, 함께 돌려 보는 룰 ba9876543210, 모델 없음): less harm: at branches');
  expect(askedFor(raw)).toBe('P-4에 2,000명의 실제 값(별명, CI(연계정보)) 제공: letters; on paper');
  for (const part of ['P-1', 'C-2', 'the copy was ours', '차단 해제']) expect(askedFor(resume)).toContain(part);
  expect(askedFor({ act: 'domain.destroy', summary: 'destroy the key of domain M-3' })).toContain('M-3 도메인');
  expect(askedFor({ act: 'message.template', summary: `text order for P-2, SHA-256 ${'ab'.repeat(32)}` })).toContain('abababababab…');
});

test('what is not known stands as it was written', () => {
  expect(askedFor({ act: 'x', summary: 'M-3 도메인 키 파기' })).toBe('M-3 도메인 키 파기');
  expect(askedFor({ act: 'x.y', summary: '' })).toBe('x.y');
});

test('whoever asked is led to where it is carried out', () => {
  expect(carriedOutAt(raw)).toBe('/outsiders/P-4');
  expect(carriedOutAt(fraud)).toBe('/fraud/rules');
  expect(carriedOutAt(resume)).toBe('/outsiders/P-1');
  expect(carriedOutAt({ act: 'domain.destroy', summary: 'destroy the key of domain M-3' })).toBeUndefined();
});
