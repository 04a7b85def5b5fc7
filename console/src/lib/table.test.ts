import { expect, test } from 'vitest';
import { csv, filtered, MASK, searchable, sorted, windowOf, type Column } from './table';

interface Row {
  id: number | null;
  name: string;
  phone: string;
}

const columns: Column<Row>[] = [
  { key: 'id', name: 'Number', value: (row) => row.id, isFigure: true },
  { key: 'name', name: 'Name', value: (row) => row.name },
  { key: 'phone', name: 'Phone', value: (row) => row.phone, isMasked: true }
];
const rows: Row[] = [
  { id: 10, name: '하늘', phone: '01000000001' },
  { id: null, name: '=1+1', phone: '01000000002' },
  { id: 9, name: 'a "b", c', phone: '01000000003' }
];

const found = (among: readonly Row[], words: string) => filtered(among, words, () => searchable(among, columns));

test('rows are sorted by value, those without one last', () => {
  expect(sorted(rows, columns[0]!, false, 'ko').map((row) => row.id)).toEqual([9, 10, null]);
  expect(sorted(rows, columns[0]!, true, 'ko').map((row) => row.id)).toEqual([10, 9, null]);
});

test('masked columns are neither searched, sorted nor exported', () => {
  expect(found(rows, '0100')).toHaveLength(0);
  expect(found(rows, '하늘')).toHaveLength(1);
  expect(sorted(rows, columns[2]!, true, 'ko')).toEqual(rows);
  const text = csv(rows, columns);
  expect(text).not.toContain('0100000');
  expect(text.split(MASK)).toHaveLength(4);
});

test('an export can be read by a spreadsheet and runs nothing there', () => {
  const text = csv(rows, columns);
  expect(text.startsWith('\uFEFF"Number","Name"')).toBe(true);
  expect(text).toContain(`,'=1+1,`);
  expect(text).toContain('9,"a ""b"", c",');
  for (const name of ['=1+1', '+82', '-1', '@SUM(A1)', ' =1', '\t=1', '\r=1', '＝1', '＠x']) {
    const line = csv([{ id: -1, name, phone: '' }], columns).split('\r\n')[1]!;
    expect(line.replaceAll('"', '')).toContain(`-1,'${name}`);
  }
  expect(csv([{ id: 1, name: 'a=b', phone: '' }], columns)).toContain('1,a=b,');
});

test('what is searched is put together once, and only when somebody searches', () => {
  let times = 0;
  const texts = () => ((times += 1), searchable(rows, columns));
  filtered(rows, '  ', texts);
  expect(times).toBe(0);
  filtered(rows, '하늘 0', texts);
  expect(times).toBe(1);
});

test('100,000 rows are sorted and filtered in a blink, and few are drawn', () => {
  const many = Array.from({ length: 100_000 }, (_, at) => ({ id: (at * 7919) % 100_003, name: `name ${at}`, phone: '' }));
  const started = performance.now();
  sorted(many, columns[0]!, false, 'ko');
  found(many, 'name 99999');
  expect(performance.now() - started).toBeLessThan(1500);
  const drawn = windowOf(100_000, 40, 2_000_000, 800);
  expect(drawn.to - drawn.from).toBeLessThan(50);
  expect(drawn.above + (drawn.to - drawn.from) * 40 + drawn.below).toBe(4_000_000);
  expect(windowOf(0, 40, 500, 800)).toMatchObject({ from: 0, to: 0, above: 0, below: 0 });
});
