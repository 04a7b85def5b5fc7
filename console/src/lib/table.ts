/** What a cell holds for sorting, filtering and exporting. */
export type Cell = string | number | boolean | null | undefined;

/** A column. */
export interface Column<Row> {
  /** A stable name. */
  key: string;
  /** The heading. */
  name: string;
  /** What it holds: numbers and times sort as such. */
  value: (row: Row) => Cell;
  /** How it is shown, where that is not the value itself. */
  text?: (row: Row) => string;
  /** Figures stand at the right. */
  isFigure?: boolean;
  /** Personal data: shown as a lock, and exported as one. */
  isMasked?: boolean;
  /** Hidden until somebody chooses it. */
  isHidden?: boolean;
  /** Width in em; the rest is shared. */
  width?: number;
}

/** By which column rows are sorted. */
export interface Order {
  key: string;
  isFalling: boolean;
}

/** What stands for personal data in a table and in its export. */
export const MASK = '•••••';

/** A cell as text. */
export function textOf<Row>(column: Column<Row>, row: Row): string {
  if (column.isMasked) return MASK;
  return column.text ? column.text(row) : String(column.value(row) ?? '');
}

/** Rows in order; rows without a value stand last either way. */
export function sorted<Row>(rows: readonly Row[], column: Column<Row>, isFalling: boolean, locale: string): Row[] {
  const collator = new Intl.Collator(locale, { numeric: true });
  const sign = isFalling ? -1 : 1;
  const keyed = rows.map((row) => ({ row, value: column.isMasked ? null : column.value(row) }));
  keyed.sort((a, b) => {
    const isNone = Number(a.value == null) - Number(b.value == null);
    if (isNone !== 0 || a.value == null || b.value == null) return isNone;
    if (typeof a.value === 'string' && typeof b.value === 'string') return sign * collator.compare(a.value, b.value);
    return sign * (Number(a.value) - Number(b.value));
  });
  return keyed.map(({ row }) => row);
}

/** What is searched of each row, in small letters; masked cells are not. Made once for many searches. */
export function searchable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] {
  const open = columns.filter((column) => !column.isMasked);
  return rows.map((row) => open.map((column) => textOf(column, row)).join('\n').toLocaleLowerCase());
}

/** Rows in which each word stands somewhere; `texts` is what is searched of them. */
export function filtered<Row>(rows: readonly Row[], words: string, texts: () => readonly string[]): readonly Row[] {
  const sought = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (sought.length === 0) return rows;
  const held = texts();
  return rows.filter((_, at) => sought.every((word) => held[at]!.includes(word)));
}

/** The part of so many rows that is drawn: from, up to, and the heights that stand for the rest. */
export function windowOf(count: number, height: number, top: number, seen: number, spare = 12) {
  const from = Math.max(0, Math.min(Math.floor(top / height) - spare, count));
  const to = Math.min(count, Math.ceil((top + seen) / height) + spare);
  return { from, to: Math.max(from, to), above: from * height, below: Math.max(0, count - Math.max(from, to)) * height };
}

/** How a text begins that a spreadsheet may run: also after spaces, and in the wide letters of East Asia. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;

/**
 * Rows as CSV (RFC 4180) with a byte order mark, which spreadsheets need for Korean. A text that a
 * spreadsheet would take for a formula gets an apostrophe in front.
 */
export function csv<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cell = (column: Column<Row>, row: Row): string => {
    if (column.isMasked) return MASK;
    const value = column.value(row);
    if (typeof value === 'number') return String(value);
    const text = value == null ? '' : String(value);
    const safe = FORMULA.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const head = columns.map((column) => `"${column.name.replaceAll('"', '""')}"`).join(',');
  const lines = rows.map((row) => columns.map((column) => cell(column, row)).join(','));
  return `\uFEFF${[head, ...lines].join('\r\n')}\r\n`;
}
