// What a request for a second person says, in the language of the reader, and where it is carried out. The house writes
// it down in one language, because what was agreed to must not change; what is not known here stands as it was written.
import type { Shape } from './api/client';
import { t, told } from './i18n/index.svelte';

type Asked = Pick<Shape<'ApprovalBody'>, 'act' | 'summary'>;

const RAW = /^raw hand-over of (\d+) subjects to (\S+): ([\w,]+); (.*)$/;
const RESUME = /^let (P-\d+) in again, which (C-\d+) cut off; (.*)$/;
const DESTROY = /^destroy the key of domain (M-\d+)$/;
const TEXT = /^text (\S+) for (P-\d+), SHA-256 ([0-9a-f]{12})[0-9a-f]*$/;

const FRAUD = /^fraud detection: ((?:(?:(?:shadow )?(?:rules|features|model) [0-9a-f]{12}|no model|no shadow)(?:, |(?=: )))+): (.*)$/;

/** What of the set-up changes: `rules 0123456789ab, no shadow`, in words. */
function partsOf(changes: string): string {
  const said = changes.split(', ').map((change) => {
    const [, name = '', digest = ''] = /^(.*?)(?: ([0-9a-f]{12}))?$/.exec(change) ?? [];
    const word = told(`approval.part.${name}`, name);
    return digest ? `${word} ${digest}` : word;
  });
  return said.join(', ');
}

/** What somebody asked for. */
export function askedFor({ act, summary }: Asked): string {
  const [, count, to, kinds, purpose] = RAW.exec(summary) ?? [];
  if (count && to && kinds) {
    return t('approval.said.raw', { count: Number(count), to, kinds: kinds.split(',').map((kind) => told(`field.${kind}`, kind)).join(', '), purpose: purpose ?? '' });
  }
  const [, party, cut, reason] = RESUME.exec(summary) ?? [];
  if (party && cut) return t('approval.said.resume', { party, cut, reason: reason ?? '' });
  const [, domain] = DESTROY.exec(summary) ?? [];
  if (domain) return t('approval.said.destroy', { domain });
  const [, name, owner, digest] = TEXT.exec(summary) ?? [];
  if (name && owner && digest) return t('approval.said.text', { name, owner, digest });
  const [, changes, why] = FRAUD.exec(summary) ?? [];
  if (changes) return t('approval.said.fraud', { changes: partsOf(changes), reason: why ?? '' });
  return summary || told(`act.${act}`, act);
}

/** Where whoever asked goes on when somebody agreed; nowhere for what works by itself. */
export function carriedOutAt({ act, summary }: Asked): string | undefined {
  if (act === 'fraud.setup') return '/fraud/rules';
  const party = RAW.exec(summary)?.[2] ?? RESUME.exec(summary)?.[1];
  return party && /^P-\d+$/.test(party) ? `/outsiders/${party}` : undefined;
}
