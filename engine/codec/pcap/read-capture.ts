import { OctetView } from './octet-view.ts';
import type { ProblemList } from './problems.ts';
import { isClassicPcap, readClassicPcap } from './read-classic.ts';
import { isPcapng, readPcapng } from './read-pcapng.ts';
import type { CapturedPacket } from './types.ts';

/** True when the octets begin like a pcap or pcapng file. */
export function isCapture(octets: Uint8Array): boolean {
  const view = new OctetView(octets);
  return isClassicPcap(view) || isPcapng(view);
}

/** Packets of a pcap or pcapng file, in the order of the file. Never throws; what cannot be read is a problem. */
export function readPackets(octets: Uint8Array, problems: ProblemList): CapturedPacket[] {
  const view = new OctetView(octets);
  if (isClassicPcap(view)) return readClassicPcap(view, problems);
  if (isPcapng(view)) return readPcapng(view, problems);
  const message = 'the file begins neither like pcap (A1B2C3D4) nor like pcapng (0A0D0D0A)';
  problems.add({ code: 'bad-file', message, offset: 0 });
  return [];
}
