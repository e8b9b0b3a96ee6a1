/** Octets of times and dates of schedules (Blue Book 4.1.6.1), as hex; FF is "not specified". */

const TIME = /^(\d{1,2}|\*):(\d{2}|\*)(?::(\d{2}|\*))?$/;
const DATE = /^(\d{4}|\*)-(\d{1,2}|\*)-(\d{1,2}|\*|last)$/;
const DAY_LAST = 0xfe;

function octet(value: number): string {
  return value.toString(16).padStart(2, '0');
}

function part(text: string, low: number, high: number): number | undefined {
  if (text === '*') return 0xff;
  const value = Number(text);
  return value >= low && value <= high ? value : undefined;
}

/** `06:00`, `*:30:00`: hour, minute, second, hundredths. */
export function timeOctets(text: string): string | undefined {
  const [, hour = '', minute = '', second = '00'] = TIME.exec(text.trim()) ?? [];
  if (hour === '') return undefined;
  const values = [part(hour, 0, 23), part(minute, 0, 59), part(second, 0, 59)];
  return values.every((value) => value !== undefined) ? `${values.map(octet).join('')}00` : undefined;
}

/** `2025-04-01`, `*-*-01`, `*-*-last`: year (2), month, day of month, day of week. */
export function dateOctets(text: string): string | undefined {
  const [, year = '', month = '', day = ''] = DATE.exec(text.trim()) ?? [];
  if (year === '') return undefined;
  const values = [part(month, 1, 12), day === 'last' ? DAY_LAST : part(day, 1, 31)];
  if (!values.every((value) => value !== undefined)) return undefined;
  const years = year === '*' ? 'ffff' : Number(year).toString(16).padStart(4, '0');
  return `${years}${values.map(octet).join('')}ff`;
}
