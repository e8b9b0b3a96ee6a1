import type { Gateway, GeneralBlockTransfer } from '../xdlms/types.ts';
import type { ElementReader } from './element-reader.ts';
import type { XmlWriter } from './xml-writer.ts';

/** APDUs that carry pieces of others, or others for somebody else. */

const GATEWAYS = { 'gateway-request': 'GatewayRequest', 'gateway-response': 'GatewayResponse' } as const;
const MAX_WINDOW = 63;

export function writeGeneralBlockTransferXml(w: XmlWriter, apdu: GeneralBlockTransfer): void {
  w.element('GeneralBlockTransfer', () => {
    w.boolean('LastBlock', apdu.last);
    w.boolean('Streaming', apdu.streaming);
    w.number('WindowSize', apdu.window, 1);
    w.number('BlockNumber', apdu.block, 2);
    w.number('BlockNumberAck', apdu.blockAck, 2);
    w.octets('BlockData', apdu.raw);
  });
}

export function readGeneralBlockTransferXml(x: ElementReader): GeneralBlockTransfer {
  return {
    kind: 'general-block-transfer',
    last: x.child('LastBlock', (value) => value.boolean()),
    streaming: x.child('Streaming', (value) => value.boolean()),
    window: x.child(['WindowSize', 'Window'], (value) => {
      const window = value.number(1);
      return window > MAX_WINDOW ? value.fail('bad-value', `window ${window}`, `0..${MAX_WINDOW}`) : window;
    }),
    block: x.child('BlockNumber', (value) => value.number(2)),
    blockAck: x.child('BlockNumberAck', (value) => value.number(2)),
    raw: x.child('BlockData', (value) => value.octets()),
  };
}

export function writeGatewayXml(w: XmlWriter, apdu: Gateway): void {
  w.element(GATEWAYS[apdu.kind], () => {
    w.number('NetworkId', apdu.networkId, 1);
    w.octets('PhysicalDeviceAddress', apdu.address);
    w.octets('UserApdu', apdu.apdu);
  });
}

/** The APDU carried stands as octets in `UserApdu`, or, with other translators, as its own element. */
export function readGatewayXml(
  x: ElementReader,
  kind: Gateway['kind'],
  readApdu: (x: ElementReader) => Uint8Array,
): Gateway {
  return {
    kind,
    networkId: x.child('NetworkId', (value) => value.number(1)),
    address: x.child('PhysicalDeviceAddress', (value) => value.octets()),
    apdu: x.optional('UserApdu', (value) => value.octets()) ?? x.only('an APDU', readApdu),
  };
}
