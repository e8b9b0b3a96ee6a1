import type { CosemDateTime } from './date-time.ts';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** Status bits worth saying (Blue Book 4.1.6.1). */
const STATUS_WORDS: readonly (readonly [mask: number, word: string])[] = [
  [0x01, 'invalid'],
  [0x02, 'doubtful'],
  [0x04, 'other clock base'],
  [0x08, 'invalid status'],
  [0x80, 'daylight saving'],
];

const two = (value: number | undefined): string => (value === undefined ? '**' : String(value).padStart(2, '0'));

function monthText(month: CosemDateTime['month']): string {
  if (month === 'daylight-saving-begin') return '<dst begin>';
  return month === 'daylight-saving-end' ? '<dst end>' : two(month);
}

function dayText(day: CosemDateTime['day']): string {
  if (day === 'last') return '<last>';
  return day === 'second-last' ? '<second last>' : two(day);
}

/** The date part, `2024-03-31`; wildcards are `*`. The day of the week is said where the date alone does not give it. */
export function formatDate(value: CosemDateTime): string {
  const date = `${value.year === undefined ? '****' : String(value.year).padStart(4, '0')}-${monthText(value.month)}-${dayText(value.day)}`;
  const open = value.year === undefined || typeof value.month !== 'number' || typeof value.day !== 'number';
  const weekday = value.dayOfWeek === undefined ? undefined : DAYS[value.dayOfWeek - 1];
  return open && weekday !== undefined ? `${date} ${weekday}` : date;
}

/** The time part, `02:00:00`, with hundredths only where there are some; wildcards are `**`. */
export function formatTime(value: CosemDateTime): string {
  const hundredths = value.hundredths === undefined || value.hundredths === 0 ? '' : `.${two(value.hundredths)}`;
  return `${two(value.hour)}:${two(value.minute)}:${two(value.second)}${hundredths}`;
}

/**
 * Deviation as an ISO 8601 offset. The signs are opposite: COSEM says UTC = local + deviation, ISO says
 * local = UTC + offset, so -60 is `+01:00`.
 */
export function formatDeviation(deviation: number): string {
  const minutes = Math.abs(deviation);
  return `${deviation > 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The words of the set status bits, empty for a good status in normal time. */
export function clockStatusWords(status: number): string[] {
  return STATUS_WORDS.filter(([mask]) => (status & mask) !== 0).map(([, word]) => word);
}

/** ISO 8601 text, `2024-03-31T02:00:00+01:00`, followed by the status in brackets if that says something. */
export function formatDateTime(value: CosemDateTime): string {
  const offset = value.deviation === undefined ? '' : formatDeviation(value.deviation);
  const words = value.status === undefined ? [] : clockStatusWords(value.status);
  return `${formatDate(value)}T${formatTime(value)}${offset}${words.length === 0 ? '' : ` (${words.join(', ')})`}`;
}
