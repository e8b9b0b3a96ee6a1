/** A packet to be written. */
export interface PcapngPacket {
  /** Milliseconds since the epoch; written in microseconds. */
  readonly time: number;
  /** LINKTYPE_ number. Packets of one link type share an interface. */
  readonly linkType: number;
  readonly octets: Uint8Array;
  /** Octets on the network, when the capture cut the packet. */
  readonly length?: number;
  /** Shown by Wireshark beside the packet; cut to what an option can hold. */
  readonly comment?: string;
}

const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const OPTION_END = 0;
const OPTION_COMMENT = 1;
const OPTION_USER_APPLICATION = 4;
/** Length of an option is a 16-bit number. */
const MAX_OPTION = 0xffff;
const NO_SNAP_LENGTH = 0;

const utf8 = new TextEncoder();

/** A pcapng file (one section, little endian) of packets in the given order. `application` is named as its writer. */
export function writePcapng(packets: readonly PcapngPacket[], application: string): Uint8Array {
  const linkTypes = [...new Set(packets.map(({ linkType }) => linkType))];
  const blocks = [
    sectionHeader(application),
    ...linkTypes.map(interfaceDescription),
    ...packets.map((packet) => enhancedPacket(packet, linkTypes.indexOf(packet.linkType))),
  ];
  const file = new Uint8Array(blocks.reduce((length, block) => length + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    file.set(block, at);
    at += block.length;
  }
  return file;
}

function sectionHeader(application: string): Uint8Array {
  const unknownLength = [0xffffffff, 0xffffffff];
  return block(
    SECTION_HEADER,
    [u32(BYTE_ORDER_MAGIC), u16(1), u16(0), ...unknownLength.map(u32)],
    [option(OPTION_USER_APPLICATION, utf8.encode(application))],
  );
}

function interfaceDescription(linkType: number): Uint8Array {
  return block(INTERFACE_DESCRIPTION, [u16(linkType), u16(0), u32(NO_SNAP_LENGTH)], []);
}

function enhancedPacket({ time, octets, length = octets.length, comment }: PcapngPacket, number: number): Uint8Array {
  const microseconds = BigInt(Math.max(0, Math.round(time * 1000)));
  const stamp = [u32(Number(microseconds >> 32n)), u32(Number(microseconds & 0xffffffffn))];
  const head = [u32(number), ...stamp, u32(octets.length), u32(length), padded(octets)];
  return block(ENHANCED_PACKET, head, comment === undefined ? [] : [option(OPTION_COMMENT, cutText(comment))]);
}

/** UTF-8 of a text, cut between characters where it does not fit an option. */
function cutText(text: string): Uint8Array {
  const { written } = utf8.encodeInto(text, new Uint8Array(MAX_OPTION));
  return utf8.encode(text).subarray(0, written);
}

function option(code: number, value: Uint8Array): Uint8Array {
  return joined([u16(code), u16(value.length), padded(value)]);
}

function block(type: number, body: readonly Uint8Array[], options: readonly Uint8Array[]): Uint8Array {
  const end = options.length === 0 ? [] : [u16(OPTION_END), u16(0)];
  const content = joined([...body, ...options, ...end]);
  const total = u32(content.length + 12);
  return joined([u32(type), total, content, total]);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value, value >> 8, value >> 16, value >> 24);
}

/** Fields are filled up to multiples of four octets. */
function padded(octets: Uint8Array): Uint8Array {
  if (octets.length % 4 === 0) return octets;
  const full = new Uint8Array(octets.length + (4 - (octets.length % 4)));
  full.set(octets);
  return full;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
