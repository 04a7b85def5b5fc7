import { expect, test } from 'vitest';
import { sourceOf } from './law';

const korean = (source: string) => sourceOf(source, 'kr-a', 'ko');

test('Korean law is cited as a Korean reader does', () => {
  expect(korean('PIPA; PIPA Decree 34(1); ED 39(1)(2)')).toBe('개인정보 보호법 제34조제1항; 시행령 제39조제1항·제2항');
  expect(korean('PIPA 34(3)')).toBe('개인정보 보호법 제34조제3항');
  expect(korean('PIPA; PIPA Decree 34(2); ED 39-2(1)2, 39-3(1)')).toBe('개인정보 보호법 제34조제2항; 시행령 제39조의2제1항제2호, 제39조의3제1항');
  expect(korean('PIPA Decree ED 39(3)')).toBe('개인정보 보호법 시행령 제39조제3항');
  expect(korean('Standard Privacy Guideline 26(4)')).toBe('표준 개인정보 보호지침 제26조제4항');
  expect(korean('Standard Privacy Guideline; Safety Measures Notice Guideline 10; Notice 13')).toBe('표준 개인정보 보호지침 제10조; 고시 제13조');
  expect(korean('PIPA; PIPA Decree 39-7; ED 48-7, annex 1-4')).toBe('개인정보 보호법 제39조의7; 시행령 제48조의7, 별표 1-4');
  expect(korean('PIPA 34(2) (old numbering)')).toBe('개인정보 보호법 제34조제2항 (옛 조문)');
  expect(korean('개인정보 보호법 제34조 제1항')).toBe('개인정보 보호법 제34조 제1항');
});

test('law of elsewhere and English stay as they are', () => {
  expect(sourceOf('GDPR 33(1)', 'eu-gdpr-report', 'ko')).toBe('GDPR 33(1)');
  expect(sourceOf('PIPA 34(3)', 'kr-a', 'en')).toBe('PIPA 34(3)');
});
