import { expect, test } from 'vitest';
import { roleOfState, worriesOf, type Health } from './health';

const well: Health = {
  schema: 1,
  state: 'ok',
  version: '0.1.0',
  subjects: 5,
  disk: { state: 'ok', free_bytes: 1e12 },
  clock: { state: 'ok', now: '2026-11-23T00:00:00.000Z' },
  gateways: [],
  backups: { state: 'ok', data_at: '2026-11-22T00:00:00Z', keys_at: '2026-11-22T00:00:00Z' },
  log: { state: 'ok', rows: 9, verified_at: '2026-11-23T00:00:00Z', intact: true },
  sign_in: { state: 'ok', passkey: true, sso: false }
};

test('a house that is well asks for nobody', () => {
  expect(worriesOf(well)).toEqual([]);
  expect(worriesOf({ ...well, state: 'unknown', log: { state: 'unknown', rows: 9, verified_at: null, intact: null } })).toEqual([]);
});

test('what needs a person is said, the worst first', () => {
  const gateway = { name: 'main', sender: '15990000', carries_messages: false, state: 'failing', code: 'notify.connect', used_at: null, texts_per_second: null };
  const ill = worriesOf({
    ...well,
    disk: { state: 'warning', free_bytes: 5 },
    gateways: [gateway, { ...gateway, name: 'spare', state: 'ok' }],
    backups: { state: 'warning', data_at: null, keys_at: null },
    log: { ...well.log, intact: false },
    sign_in: { state: 'warning', passkey: false, sso: false }
  });
  expect(ill.map((one) => one.key)).toEqual(['today.log_broken', 'today.disk', 'today.gateway', 'today.backup_keys', 'today.passphrase']);
  expect(ill[2]?.values).toEqual({ name: 'main', code: 'notify.connect' });
  expect(ill.filter((one) => one.role === 'alert').map((one) => one.href)).toEqual(['/log', '/settings#house']);
});

test('a state is never told by colour that contradicts its word', () => {
  expect(['ok', 'warning', 'failing', 'unknown', 'unused'].map(roleOfState)).toEqual(['calm', 'warning', 'warning', 'notice', 'notice']);
});
