import type { QuirkTable } from './quirk-spec.ts';

/** Deviations of connections and of what travels on them. */
export const linkQuirks = {
  'echoes-requests': {
    rows: ['Q01'],
    layer: 'link',
    doc: 'Everything received comes back before the answer, as from an optical head.',
    seen: 'any meter read through an optical head (u9n/dlms-cosem issue 62)',
    notice: 'The SNRM itself arrives before the UA.',
  },
  'stays-silent': {
    rows: ['Q04', 'Q82'],
    layer: 'link',
    doc: 'The port is open and nothing is ever answered on it.',
    seen: 'Landis+Gyr ZMD405 with its RS485 port set to master (doc.ipesoft.com); Kamstrup 382 that speaks KMP only (UtilitechAS/amsreader-firmware issue 126)',
    notice: 'The connection is made and every request times out.',
  },
  'writes-octet-by-octet': {
    rows: ['Q24'],
    layer: 'link',
    doc: 'Answers are handed to the network in pieces of one octet.',
    seen: 'several meters (u9n/dlms-cosem issue 35)',
    notice: 'Headers and APDUs arrive cut anywhere.',
    value: { doc: 'Octets of a piece.', is: 'number', otherwise: 1, min: 1, max: 1024 },
  },
  'holds-old-connection': {
    rows: ['Q25'],
    layer: 'link',
    doc: 'There is one connection at a time, and for a while after its end no other is taken.',
    seen: 'several meters (u9n/dlms-cosem issue 20)',
    notice: 'A connection made right after another one is closed at once.',
    value: { doc: 'How long it holds on.', is: 'duration', otherwise: 30_000, min: 0, max: 600_000 },
  },
  'closes-on-old-counter': {
    rows: ['Q40'],
    layer: 'link',
    doc: 'The connection is closed without a word when an invocation counter was seen before.',
    seen: 'DSMR meters (OSGP/open-smart-grid-platform PR 1098)',
    notice: 'The end of the stream stands where an exception-response with the expected counter should.',
  },
  'pushes-plain-text': {
    rows: ['Q85'],
    layer: 'link',
    doc: 'Plain pushes over TCP or UDP are the text TEST, without wrapper and without DLMS.',
    seen: 'DSMR meters that raise an alarm (OSGP/Documentation issue 180)',
    notice: 'The first octets on the port for pushes are 54 45 53 54.',
  },
} as const satisfies QuirkTable;
