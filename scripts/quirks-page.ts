import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { actions } from '../engine/template/vocabulary/actions.ts';
import { type QuirkSpec, type QuirkValue, quirkIds, quirkSpec } from '../engine/template/vocabulary/quirks.ts';

/** Where the page stands. */
export const quirksPagePath = path.resolve(import.meta.dirname, '../docs/quirks.md');

const LAYERS: readonly (readonly [QuirkSpec['layer'], string])[] = [
  ['link', 'Connections'],
  ['hdlc', 'HDLC'],
  ['association', 'Associations and protection'],
  ['xdlms', 'Services and data'],
];

/** Deviations that need no quirk: a template says them with its own words. */
export const SAID_OTHERWISE: Readonly<Record<string, string>> = {
  Q02: '`mode_e` of a transport: HDLC only after the opening of IEC 62056-21',
  Q03: '`mode_e`: the opening is sent with even parity in the top bit, over TCP as well',
  Q05: '`mode_e` with an address: nobody else is answered',
  Q06: '`parity` of a serial transport',
  Q13: '`server_upper` and `server_lower` of `hdlc`, `client` of a push setup',
  Q14: '`server_upper` of `hdlc`, `client` of a push setup',
  Q19: '`server_lower` of `hdlc`',
  Q21: '`max_info_transmit` and `max_info_receive` of `hdlc`',
  Q22: '`max_info_transmit`, `max_info_receive` and `max_pdu`',
  Q26: 'two transports, `framing: wrapper` and `framing: hdlc`',
  Q38: '`system_title` of the identity',
  Q43: '`invocation_counter(…)` as the value of any object',
  Q44: '`authentication: lls` with `context: LN, ciphering`',
  Q51: '`referencing: SN`',
  Q78: 'objects `0-0:94.7.x.255`',
  Q79: '`base_name: 0xFB00` of the SAP assignment',
  Q81: 'push lists without `1-1:0.0.5.255`',
  Q83: 'a second push setup',
  Q84: 'push lists without an identifier',
};

/** Deviations of what this emulator does not serve. */
export const NOT_SERVED: Readonly<Record<string, string>> = {
  Q27: 'wired M-Bus',
  Q28: 'wired M-Bus',
  Q29: 'wired M-Bus',
  Q31: 'wired M-Bus',
  Q87: 'wireless M-Bus',
};

function settingText({ doc, is, otherwise, min, max }: QuirkValue): string {
  const text = (value: number): string => (is === 'duration' ? `${value / 1000}s` : String(value));
  return `${doc.replace(/\.$/, '')}: ${text(min)} to ${text(max)}, else ${text(otherwise)}`;
}

function quirkRow(id: (typeof quirkIds)[number]): string {
  const { doc, notice, seen, rows, value } = quirkSpec(id);
  const cells = [`\`${id}\``, doc, notice, seen, rows.join(', '), value === undefined ? '' : settingText(value)];
  return `| ${cells.join(' | ')} |`;
}

function table(layer: QuirkSpec['layer']): string[] {
  return [
    '| id | what the meter does | how a client notices | seen in | row | `with` |',
    '| --- | --- | --- | --- | --- | --- |',
    ...quirkIds.filter((id) => quirkSpec(id).layer === layer).map(quirkRow),
    '',
  ];
}

/** docs/quirks.md, made from the catalogue of the language. `node scripts/quirks-page.ts` writes it. */
export function quirksPage(): string {
  return [
    '# Quirks',
    '',
    'Real meters depart from the standard. A virtual meter departs with them, by name:',
    '',
    '```dlmsmeter',
    'quirk "first-block-0"',
    'quirk "holds-old-connection" { with: 10s   when: identity.firmware < "2.15" }',
    'quirk prepayment { describes: "As the P7 does"   deviates: "texts-as-octet-string", "null-status" }',
    'fault "stays-silent" { probability: 2% }',
    '```',
    '',
    'A name in quotes is one of this catalogue; names without quotes are the author’s own, with the actions below. `quirk`',
    'is always, `fault` sometimes: with `when`, `probability` or `every`. `object:` keeps a quirk of data to one object, and',
    '`with:` sets what can be set. Every quirk and fault can be switched on and off at a running meter, by its name. Fleets',
    'vary them from meter to meter: `vary { quirks: pick("none", "first-block-0") }`. Where decoding knows the same',
    'deviation it has the same id in [deviations.md](deviations.md).',
    '',
    'Made from `engine/template/vocabulary/quirks.ts` by `node scripts/quirks-page.ts`. Rows are those of the collection of',
    'field deviations this catalogue comes from. Sources are public; names of makers are as the source has them.',
    '',
    ...LAYERS.flatMap(([layer, title]) => [`## ${title}`, '', ...table(layer)]),
    '## Said otherwise',
    '',
    'These deviations need no quirk.',
    '',
    '| row | how a template says it |',
    '| --- | --- |',
    ...Object.entries(SAID_OTHERWISE).map(([row, how]) => `| ${row} | ${how} |`),
    '',
    '## Not served',
    '',
    '| row | why |',
    '| --- | --- |',
    ...Object.entries(NOT_SERVED).map(([row, why]) => `| ${row} | ${why} |`),
    '',
    '## Actions',
    '',
    'What quirks and faults of one’s own are made of.',
    '',
    '| action | layer | what it does | for example |',
    '| --- | --- | --- | --- |',
    ...actions.map(({ name, layer, doc, example }) => `| \`${name}\` | ${layer} | ${doc} | \`${name}: ${example}\` |`),
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(quirksPagePath, quirksPage());
