/** Speed and character format of a line. */
export interface SerialSettings {
  /** Bit/s. */
  readonly speed: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
}

export type CharacterFormat = Omit<SerialSettings, 'speed'>;

/** Usual speed of HDLC on a serial line without opening (class 19 attribute 2), bit/s. */
export const DEFAULT_SPEED = 9600;
/** Format of HDLC on a serial line (GB 8). */
export const DEFAULT_FORMAT: CharacterFormat = { dataBits: 8, parity: 'none', stopBits: 1 };
export const MAX_SPEED = 921_600;

const PARITIES = { N: 'none', E: 'even', O: 'odd' } as const;

/** Reads `8N1`, `8E1`, `7E1`; undefined for anything else. */
export function parseFormat(text: string): CharacterFormat | undefined {
  const match = /^([78])([NEO])([12])$/i.exec(text);
  if (match === null) return undefined;
  const letter = match[2]?.toUpperCase();
  return {
    dataBits: match[1] === '7' ? 7 : 8,
    parity: letter === 'E' || letter === 'O' ? PARITIES[letter] : PARITIES.N,
    stopBits: match[3] === '2' ? 2 : 1,
  };
}

/** `9600 8N1`. */
export function describeSettings({ speed, dataBits, parity, stopBits }: SerialSettings): string {
  return `${speed} ${dataBits}${parity.charAt(0).toUpperCase()}${stopBits}`;
}

/** Milliseconds one octet takes: start bit, data, parity, stop bits. */
export function octetTime({ speed, dataBits, parity, stopBits }: SerialSettings): number {
  return ((1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits) * 1000) / speed;
}
