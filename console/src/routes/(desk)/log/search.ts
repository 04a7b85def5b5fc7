/** What is looked for in the access log; what is empty is not looked for. Days are those of the calendar here. */
export interface Wanted {
  actor: string;
  action: string;
  object: string;
  from: string;
  until: string;
}

/** Everything. */
export const NOTHING: Wanted = { actor: '', action: '', object: '', from: '', until: '' };

/** The moment at which a day begins here, or so many days later. */
function beginOf(day: string, later = 0): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

/** As the server takes it: the last day is looked at to its end. */
export function queryOf({ actor, action, object, from, until }: Wanted) {
  return {
    ...(actor.trim() ? { actor: actor.trim() } : {}),
    ...(action ? { action } : {}),
    ...(object.trim() ? { object: object.trim().replace(/^[a-z](?=-\d+$)/, (letter) => letter.toUpperCase()) } : {}),
    ...(from ? { from: beginOf(from) } : {}),
    ...(until ? { until: beginOf(until, 1) } : {})
  };
}
