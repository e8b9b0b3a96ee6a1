import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import type { Gateway } from './types.ts';

/** Header a gateway puts before the APDU of a meter behind it: tag E6h or E7h, network, address, then the APDU. */
export function readGateway(r: Reader): Gateway {
  const kind = r.peek() === 0xe6 ? 'gateway-request' : 'gateway-response';
  r.begin(kind);
  r.tag('tag', kind);
  const networkId = r.u8('network-id');
  const address = r.octetString('physical-device-address');
  const apdu = r.take(r.remaining, 'user-apdu');
  r.close();
  return { kind, networkId, address, apdu };
}

export function writeGateway(w: Writer, apdu: Gateway): void {
  w.octet(apdu.kind === 'gateway-request' ? 0xe6 : 0xe7);
  w.u8(apdu.networkId, 'networkId');
  w.octetString(apdu.address, 'address');
  w.octets(apdu.apdu, 'apdu');
}
