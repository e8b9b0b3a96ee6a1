/** An action of quirks and faults: the closed vocabulary of what a meter can be made to do. */
export interface ActionSpec {
  readonly name: string;
  readonly layer: 'link' | 'hdlc' | 'association' | 'xdlms';
  readonly doc: string;
  readonly example: string;
  /** Words that may stand first; empty where something else stands there. */
  readonly words: readonly string[];
  /** Words that may stand before a further value, as in `times 1`. */
  readonly keywords: readonly string[];
}

export const actions: readonly ActionSpec[] = [
  {
    name: 'drop',
    layer: 'link',
    doc: 'Does not send, or does not hear.',
    example: 'response',
    words: ['request', 'response', 'frame'],
    keywords: ['times'],
  },
  {
    name: 'corrupt',
    layer: 'link',
    doc: 'Changes bits of what is sent.',
    example: 'frame, bits 1',
    words: ['frame', 'response', 'fcs', 'hcs'],
    keywords: ['bits', 'octets'],
  },
  {
    name: 'delay',
    layer: 'link',
    doc: 'Waits before it answers.',
    example: 'uniform(300ms, 4s)',
    words: [],
    keywords: [],
  },
  {
    name: 'duplicate',
    layer: 'link',
    doc: 'Sends twice.',
    example: 'response',
    words: ['frame', 'response'],
    keywords: ['times'],
  },
  {
    name: 'truncate',
    layer: 'link',
    doc: 'Leaves out the end of what is sent.',
    example: 'response, octets 4',
    words: ['frame', 'response'],
    keywords: ['octets'],
  },
  {
    name: 'refuse',
    layer: 'link',
    doc: 'Takes no connections.',
    example: 'connection',
    words: ['connection'],
    keywords: [],
  },
  {
    name: 'ignore',
    layer: 'hdlc',
    doc: 'Does not hear a kind of frame or APDU.',
    example: 'snrm, times 1',
    words: ['snrm', 'disc', 'aarq', 'rlrq', 'request'],
    keywords: ['times'],
  },
  {
    name: 'answer_address',
    layer: 'hdlc',
    doc: 'Octets of the address in answers.',
    example: '1',
    words: [],
    keywords: [],
  },
  {
    name: 'sequence',
    layer: 'hdlc',
    doc: 'Sends a wrong sequence number.',
    example: 'repeat',
    words: ['repeat', 'skip'],
    keywords: ['times'],
  },
  {
    name: 'reject',
    layer: 'association',
    doc: 'Refuses the association.',
    example: 'aarq, authentication-failure',
    words: ['aarq', 'association'],
    keywords: ['times'],
  },
  {
    name: 'lock',
    layer: 'association',
    doc: 'Locks the association after failures.',
    example: '3 failures, 15min',
    words: [],
    keywords: [],
  },
  {
    name: 'max_pdu',
    layer: 'association',
    doc: 'States another PDU size than it keeps to.',
    example: '2048',
    words: [],
    keywords: [],
  },
  {
    name: 'answer',
    layer: 'xdlms',
    doc: 'Answers with something else: a value for an attribute, an error, or octets as they are (`raw h"…"`).',
    example: 'exception, service-not-allowed',
    words: ['exception', 'error', 'raw'],
    keywords: ['raw', 'times'],
  },
  {
    name: 'limit',
    layer: 'xdlms',
    doc: 'Keeps below a number.',
    example: 'block_size, 1024',
    words: ['block_size', 'read_list', 'entries', 'pdu'],
    keywords: [],
  },
  {
    name: 'encode',
    layer: 'xdlms',
    doc: 'Sends an attribute as another type.',
    example: 'clock.time, octet-string',
    words: [],
    keywords: [],
  },
  {
    name: 'deviates',
    layer: 'xdlms',
    doc: 'Has a quirk of the catalogue, or several; `with` sets what can be set about the one before it.',
    example: '"first-block-0"',
    words: [],
    keywords: ['with'],
  },
  {
    name: 'wrong_unit',
    layer: 'xdlms',
    doc: 'Reports another scaler and unit than the values have.',
    example: '10^3 Wh',
    words: [],
    keywords: [],
  },
];

const byName: ReadonlyMap<string, ActionSpec> = new Map(actions.map((spec) => [spec.name, spec]));

/** An action by its name. */
export function actionSpec(name: string): ActionSpec | undefined {
  return byName.get(name);
}
