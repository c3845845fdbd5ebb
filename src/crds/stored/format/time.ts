/** A day of the calendar, as `2006-01-02`. */
export function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** RFC 3339, upper or lower case, with a zone; no leap seconds. */
export function isDateTime(text: string): boolean {
  const [, date, hour, minute, second] =
    /^(.{10})t(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/i.exec(text) ?? [];
  return date !== undefined && isDate(date) && hour! <= '23' && minute! <= '59' && second! <= '59';
}

/** A duration of Go, such as 1h30m. */
const GO_DURATION = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/** A number with a unit in words, anywhere in the text: `3 days`. */
const WORDED_DURATION = /\d+\s*(?:d|day|w|week|h|hr|hour|m|min|s|sec|ms|milli|us|micro|µs|ns|nano)/i;

/** Durations of Go, and the looser ones that the API server takes as well. */
export function isDuration(text: string): boolean {
  return GO_DURATION.test(text) || WORDED_DURATION.test(text);
}
