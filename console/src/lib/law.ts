// Where the law says so, in Korean. The rule table names acts and articles the way an English reader cites them; a
// Korean officer looks for "개인정보 보호법 제34조제1항".

/** Acts by their names in the rule table, the longer names first. */
const ACTS: [RegExp, string][] = [
  [/Credit Information Act/g, '신용정보법'],
  [/Electronic Financial Supervision Regulation/g, '전자금융감독규정'],
  [/Electronic Financial Transactions Act/g, '전자금융거래법'],
  [/Telecommunications Business Act/g, '전기통신사업법'],
  [/Telecom Fraud Refund Act/g, '통신사기피해환급법'],
  [/Standard Privacy Guideline/g, '표준 개인정보 보호지침'],
  [/Safety Measures Notice/g, '안전성 확보조치 기준'],
  [/Network Act/g, '정보통신망법'],
  [/PIPA Decree/g, '개인정보 보호법 시행령'],
  [/PIPA/g, '개인정보 보호법'],
  [/FSS rules/g, '금융감독원 시행세칙'],
  [/detailed rules/g, '시행세칙'],
  [/\bproviso\b/g, '단서'],
  [/\(old numbering\)/g, '(옛 조문)'],
  [/\bannex\b/g, '별표'],
  [/\bcontract\b/g, '계약'],
  [/\bDecree\b/g, '시행령']
];

/** An article: 34-2(2)4 is 제34조의2제2항제4호. */
function article(number: string): string {
  const [, main = '', branch, paragraphs = '', item] = /^(\d+)(?:-(\d+))?((?:\(\d+\))*)(\d+)?$/.exec(number) ?? [];
  if (!main) return number;
  const [first, ...more] = [...paragraphs.matchAll(/\((\d+)\)/g)].map((found) => `제${found[1]}항`);
  const head = `제${main}조${branch ? `의${branch}` : ''}${first ?? ''}${item ? `제${item}호` : ''}`;
  return [head, ...more].join('·');
}

/**
 * The source of a Korean duty as a Korean reader cites it; that of another country, and in English, as it stands.
 * A decree named beside its act is left out where its articles follow: they say "시행령" themselves.
 */
export function sourceOf(source: string, id: string, language: 'ko' | 'en'): string {
  if (language === 'en' || !id.startsWith('kr-')) return source;
  const at = source.search(/\s(?:(?:ED|(?<=(?:Guideline|Notice) )(?:Guideline|Notice)) )?\d/);
  if (at < 0) return names(source);
  const cited = source.slice(at).trim();
  const acts = source.slice(0, at).split('; ');
  const kept = acts.filter((act, place) => place === 0 || !isCited(act, cited));
  const tail = cited
    .replaceAll(/\bED (?=\d)/g, () => (/Decree/.test(acts[0] ?? '') ? '' : '시행령 '))
    .replaceAll(/\bGuideline (?=\d)/g, () => (/Guideline/.test(acts[0] ?? '') ? '' : '표준지침 '))
    .replaceAll(/\bNotice (?=\d)/g, '고시 ')
    .replaceAll(/(?<!annex |[\d-])\d+(?:-\d+)?(?:\(\d+\))*\d*(?![\d-])/g, article);
  return names(`${kept.join('; ')} ${tail}`);
}

const isCited = (act: string, cited: string) =>
  (act.includes('Decree') && cited.includes('ED ')) || (act.includes('Guideline') && cited.includes('Guideline ')) || (act.includes('Notice') && cited.includes('Notice '));

const names = (text: string) => ACTS.reduce((said, [name, korean]) => said.replaceAll(name, korean), text);
