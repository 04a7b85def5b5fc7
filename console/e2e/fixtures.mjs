// Answers of a server in the middle of a bad day, for looking at pages without making the day happen.
// All times hang on `now`; nobody in here exists.
const hour = 3_600_000;

/** What is answered, by `GET /path`. */
export function badDay(now = Date.now()) {
  const at = (hours) => new Date(now + hours * hour).toISOString();
  const duty = (id, form, ko, en, source, answer, clock, more = {}) => ({
    id,
    form,
    title: { ko, en },
    source,
    answer,
    needs: [],
    why: { ko: `${ko} 의무를 따져 본 이유입니다.`, en: `Why this duty was judged so: ${en}.` },
    is_open: answer === 'due' && !clock.stopped_at,
    is_undecided: answer === 'unknown',
    clock,
    stops_on: ['regulator_receipt', 'posting_proof'],
    waits_for: [],
    ...more
  });
  const incident = {
    id: 'L-1',
    title: 'NFT 개발사 저장소에서 발견된 명단',
    source: 'finding',
    processor: 'P-1',
    state: 'open',
    aware_at: at(-31),
    opened_at: at(-30),
    opened_by: 'minji',
    closed_at: null
  };
  const text = '[가온은행] 개인정보 유출 안내\n고객님의 별명과 연계정보(CI)가 외부 개발사에서 유출되었습니다. 전화나 문자로 인증번호를 묻는 연락에 답하지 마십시오.\n문의 1599-0000';
  const english = '[Gaon Bank] Notice of a data leak\nYour nickname and connecting information (CI) leaked at an outside developer. Do not answer calls or texts that ask for codes.\nCall 1599-0000';
  const notice = {
    number: 1,
    stage: 'first',
    duty: 'kr-pipa-notice-2026',
    template: 'confirmed-leak',
    texts: { ko: text, en: english },
    digest: 'ab'.repeat(32),
    author: 'S-3',
    state: 'sending',
    drafted_at: at(-20),
    approvals: [
      { staff: 'S-1', approved_at: at(-19) },
      { staff: 'S-2', approved_at: at(-18) }
    ],
    approvals_needed: 2,
    dispatch: 'N-1'
  };
  const draft = { ...notice, number: 2, stage: 'supplement', state: 'previewed', approvals: [{ staff: 'S-2', approved_at: at(-1) }], dispatch: null };
  const order = (means) => ({
    processor: 'P-1',
    means,
    ordered_by: 'minji',
    reason: 'leak of November, contained',
    ordered_at: at(-29),
    proved_at: new Date(now - 29 * hour + 4200).toISOString(),
    proof: {}
  });
  const line = (seq, hours, what, object, facts, actor = 'minji') => ({ seq, at: at(hours), recorded_at: at(hours), actor, what, object, facts });
  const run = (id, scale) => ({
    schema: 1,
    id,
    affected: 17_551,
    steps: [
      ['house', 310], ['staff', 420], ['enrol', 1900], ['disclose', 640], ['leak', 20], ['scan', 35], ['evidence', 28], ['trace', 210], ['incident', 44],
      ['contain', 130], ['clocks', 380], ['notice', 160], ['gateway', 60], ['send', 5400], ['receipts', 1200], ['resolve', 90], ['report', 30], ['close', 55], ['verify', 70]
    ].map(([name, ms]) => ({ name, ms: Math.round(ms * scale) })),
    notices: { planned: 17_551, accepted: 0, delivered: 17_503, failed: 31, in_doubt: 17, duplicate: 0 },
    total_ms: Math.round(11_182 * scale),
    to_first_text_ms: Math.round(1027 * scale),
    clocks: 4,
    report_unknown: 5,
    timeline: 23,
    seed: 1_234_567,
    trouble: 'some',
    ordered_by: 'minji',
    started_at: at((id - 4) * 24)
  });
  return {
    'GET /api/v1/incidents': { schema: 1, items: [incident] },
    'GET /api/v1/incidents/L-1': {
      schema: 1,
      incident,
      people: 17_551,
      traces: ['T-1'],
      facts: { subjects: '17551', certainty: 'confirmed', kinds: 'ci,nickname', aware_at: at(-31), leaked_at_processor: 'yes', 'role(controller)': 'yes' },
      containment: [order('access'), order('domains')],
      notices: [notice, draft],
      evidence: [{ kind: 'containment_log', reference: 'C-1', added_by: 'minji', added_at: at(-28) }]
    },
    'GET /api/v1/incidents/L-1/timeline': {
      schema: 1,
      items: [
        line(1, -30, 'incident.open', 'L-1', { source: 'finding' }),
        line(2, -29.9, 'incident.attach', 'T-1', { added: 17_551, already: 0 }),
        line(3, -29, 'contain.order', 'P-1', { means: 'access' }),
        line(4, -28.99, 'contain.prove', 'P-1', { means: 'access' }),
        line(5, -28, 'incident.learn', '', { facts: ['subjects', 'certainty', 'kinds'] }),
        line(6, -27, 'clock.start', 'kr-pipa-report-2026', { persons: 0 }),
        line(7, -20, 'notice.draft', '1', { stage: 'first', duty: 'kr-pipa-notice-2026' }, 'doyun'),
        line(8, -19, 'notice.approve', '1', {}),
        line(9, -18, 'notice.approve', '1', {}, 'bora'),
        line(10, -17, 'notice.plan', '1', { people: 17_551 })
      ]
    },
    'GET /api/v1/incidents/L-1/duties': {
      schema: 1,
      items: [
        duty('kr-pipa-notice-2026', 'notice', '정보주체에게 통지', 'Tell the persons', '개인정보 보호법 제34조 제1항', 'due', {
          due_at: at(41),
          persons: { waiting: 0, running: 6_670, paused: 0, overdue: 0, stopped_in_time: 10_881, stopped_late: 0 }
        }),
        duty('kr-pipa-report-2026', 'report', '개인정보보호위원회에 신고', 'Report to the Privacy Commission', '개인정보 보호법 제34조 제3항', 'due', { state: 'running', started_at: at(-31), due_at: at(41) }),
        duty('kr-efsr-report', 'report', '금융감독원에 보고', 'Report to the Financial Supervisory Service', '전자금융감독규정 제37조의5', 'due', {
          state: 'stopped',
          started_at: at(-31),
          due_at: at(-7),
          stopped_at: at(-12),
          evidence: 'regulator_receipt R-2026-118'
        }),
        duty('kr-isp-report', 'report', '한국인터넷진흥원에 신고', 'Report to KISA', '정보통신망법 제48조의3', 'unknown', {}, { needs: ['intrusion', 'info_service_provider'] }),
        duty('kr-web-notice', 'posting', '누리집에 게시', 'Post on the website', '시행령 제39조 제2항', 'not_due', {})
      ]
    },
    'GET /api/v1/incidents/L-1/notices/1/progress': {
      schema: 1,
      state: 'sending',
      dispatch: 'N-1',
      counts: { planned: 6_100, intent: 8, accepted: 562, delivered: 10_831, failed: 33, expired: 0, in_doubt: 17 },
      worker: { state: 'waiting', code: 'notify.connect', detail: 'the gateway refuses connections', next_try_at: at(0.01) }
    },
    'GET /api/v1/incidents/L-1/notices/1/in-doubt': {
      schema: 1,
      items: Array.from({ length: 17 }, (_, place) => ({
        doubt: ((place + 1) * 2_654_435_761).toString(16).padStart(32, '9').split('').toReversed().join(''),
        attempt: 1,
        intended_at: at(-16 - place / 100),
        parts_taken: place % 2,
        parts: 2,
        stray_receipts: 0
      }))
    },
    'POST /api/v1/incidents/L-1/notices/2/preview': { schema: 1, texts: { ko: text, en: english }, bytes: { ko: 187, en: 168 }, digest: 'ab'.repeat(32), people: 17_551 },
    'POST /api/v1/incidents/L-1/report': {
      schema: 1,
      document: 'report_draft',
      items: {
        kinds_leaked: { asks: { ko: '유출된 항목', en: 'Kinds of data that leaked' }, answer: [{ kind: 'ci', ko: '연계정보(CI)', en: 'CI' }] },
        leak_time_and_cause: { asks: { ko: '유출된 때와 경위', en: 'Time and cause' }, answer: 'unknown' }
      }
    },
    'GET /api/v1/drills': { schema: 1, items: [run(3, 1), run(2, 1.15), run(1, 1.4)] },
    'GET /api/v1/approvals': {
      schema: 1,
      items: [
        { id: 'A-1', act: 'disclose.raw', summary: '실제 값 제공: P-4 상담 업무, 2,000명', requested_by: 'S-2', expires_at: at(20) },
        { id: 'A-2', act: 'domain.destroy', summary: 'M-3 도메인 키 파기', requested_by: 'S-1', expires_at: at(44) }
      ]
    }
  };
}
