/**
 * Rewrites the fact tables of ../shared/facts into the project's own compact form in engine/cosem/data.
 *
 *     node scripts/generate-cosem-data.ts [folder of the facts [folder to write to]]
 *
 * The output is deterministic: running it again on the same facts gives the same octets. Tables are arrays of
 * `a|b|c` lines, one fact per line, so that a change of facts is a readable diff; the last column may hold `|`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '..');
const facts = path.resolve(process.argv[2] ?? path.join(repository, '..', 'shared', 'facts'));
const target = path.resolve(process.argv[3] ?? path.join(repository, 'engine', 'cosem', 'data'));

type Names = Readonly<Record<string, string>>;

interface ClassFact {
  id: number;
  version: number;
  name: string;
  attributes: { index: number; name: string; type: string; static: boolean | null; sn: string }[];
  attributesComplete: boolean;
  methods: { index: number; name: string; mandatory: boolean | null; sn: string; reserved: boolean }[];
  snMethodBaseVerified: boolean | null;
  verified: boolean;
}

interface ObisFacts {
  valueGroupA: Names;
  countryC94: Names;
  electricity: {
    C: Record<string, { name: string; phase: string | null; unit: number | null; energyUnit: number | null }>;
    D: Names;
    energyD: number[];
    E: {
      harmonics: { values: Names };
      phaseAngles: { from: Names };
      losses83: Names;
      dips: { rows: Names; cols: Names };
    };
  };
  gas: Record<string, Names>;
  thermal: { C: Names; D: Names };
  hca: { C: Names; D: Names };
  water: { C: Names; D: Names };
  patterns: { pattern: string; classes: number[]; name: string }[];
  units: { id: number; symbol: string; name: string; quantity: string }[];
}

interface FlagFacts {
  flags: Record<string, { name: string; country?: string }>;
  families: Record<string, { codes: string[] }>;
}

interface WireFacts {
  conformanceBits: { bit: number; name: string; ln: boolean; sn: boolean; mask24: string }[];
}

/** Wording of the first twenty electricity quantities: power and energy differ in one word, directions are spelled out. */
const ELECTRICITY_QUANTITIES: Names = {
  1: 'Active * import (+A)',
  2: 'Active * export (-A)',
  3: 'Reactive * import (+R)',
  4: 'Reactive * export (-R)',
  5: 'Reactive * QI',
  6: 'Reactive * QII',
  7: 'Reactive * QIII',
  8: 'Reactive * QIV',
  9: 'Apparent * import (+VA)',
  10: 'Apparent * export (-VA)',
  11: 'Current',
  12: 'Voltage',
  13: 'Power factor',
  14: 'Supply frequency',
  15: 'Active * absolute (|+A|+|-A|)',
  16: 'Active * net (|+A|-|-A|)',
  17: 'Active * QI',
  18: 'Active * QII',
  19: 'Active * QIII',
  20: 'Active * QIV',
};

/** Wording of the quantities above C = 80 where the fact table repeats the phase in the name. */
const OTHER_QUANTITIES: Names = {
  81: 'Phase angle',
  82: 'Unitless quantity (pulses or pieces)',
  84: 'Power factor export',
  85: 'Power factor export',
  86: 'Power factor export',
  87: 'Power factor export',
  90: 'Sum of phase currents (unsigned)',
};

function readFacts<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(facts, name), 'utf8')) as T;
}

/** JSON with one array element or one member per line; nested values stay on their line. */
function pretty(value: unknown, indent = ''): string {
  if (Array.isArray(value) && value.some((item) => typeof item === 'string' && item.includes('|'))) {
    return `[\n${value.map((item) => `${indent}  ${JSON.stringify(item)}`).join(',\n')}\n${indent}]`;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const members = Object.entries(value).map(
      ([key, item]) => `${indent}  ${JSON.stringify(key)}: ${pretty(item, `${indent}  `)}`,
    );
    return `{\n${members.join(',\n')}\n${indent}}`;
  }
  return JSON.stringify(value);
}

function write(name: string, value: unknown): void {
  writeFileSync(path.join(target, name), `${pretty(value)}\n`);
}

const lines = (names: Names): string[] => Object.entries(names).map(([key, name]) => `${key}|${name}`);

/** `attributes` lines: name|type|s, d or - (static, dynamic, not stated). `methods` lines: name|m, o or r (mandatory, optional, reserved slot). */
function classLines(item: ClassFact): object {
  const attributes = item.attributes.map((attribute, position) => {
    if (attribute.index !== position + 1 || Number(attribute.sn) !== position * 8) {
      throw new Error(
        `class ${item.id} v${item.version}: attribute ${attribute.index} breaks the rule sn = (index - 1) * 8`,
      );
    }
    return `${attribute.name}|${attribute.type.toLowerCase()}|${attribute.static === null ? '-' : attribute.static ? 's' : 'd'}`;
  });
  const methodsAt = Number(item.methods[0]?.sn ?? 0);
  const methods = item.methods.map((method, position) => {
    if (method.index !== position + 1 || Number(method.sn) !== methodsAt + position * 8) {
      throw new Error(
        `class ${item.id} v${item.version}: method ${method.index} breaks the rule sn = base + (index - 1) * 8`,
      );
    }
    return `${method.name}|${method.reserved ? 'r' : method.mandatory ? 'm' : 'o'}`;
  });
  return {
    id: item.id,
    version: item.version,
    name: item.name,
    verified: item.verified,
    complete: item.attributesComplete,
    attributes,
    methodsAt,
    methodsAtVerified: item.snMethodBaseVerified === true,
    methods,
  };
}

/**
 * Our wording of a pattern's name. The channel is left out, since every name gets it where B says one.
 * `{(D-16)*128+E}` becomes the sum of terms `{D*128+E-2048}`, which needs no parser for brackets.
 */
function patternName(name: string): string {
  return name
    .replace(
      /\{\(([A-F])-(\d+)\)\*(\d+)\+([A-F])\}/g,
      (_all, group: string, less: string, factor: string, more: string) => {
        return `{${group}*${factor}+${more}-${Number(less) * Number(factor)}}`;
      },
    )
    .replace('C={D} D={E}', '{quantity}')
    .replace(', channel {B}', '')
    .replace('(channel/instance {B}.{E})', '#{E}')
    .replace(/ \((?:newer editions|beyond the range)[^)]*\)/, '');
}

function obis(source: ObisFacts): object {
  const electricity = Object.entries(source.electricity.C).map(([c, row]) => {
    const number = Number(c);
    const base = number >= 21 && number <= 80 ? String(((number - 1) % 20) + 1) : c;
    const wording = ELECTRICITY_QUANTITIES[base] ?? OTHER_QUANTITIES[c] ?? row.name.replace(' power ', ' * ');
    const phase = row.phase === 'sum' ? '' : (row.phase ?? '');
    const formal = row.name
      .replace('|+|+|-|', 'abs(QI+QIV)+abs(QII+QIII)')
      .replace('|+|-|-|', 'abs(QI+QIV)-abs(QII+QIII)');
    return `${c}|${phase}|${row.unit ?? ''}|${row.energyUnit ?? ''}|${formal}|${wording}`;
  });
  const { harmonics, phaseAngles, losses83, dips } = source.electricity.E;
  return {
    media: lines(source.valueGroupA),
    countries: lines(source.countryC94),
    electricity: {
      quantities: electricity,
      processing: lines(source.electricity.D),
      integrals: source.electricity.energyD,
      harmonics: lines(harmonics.values).filter((line) => !line.includes('..')),
      angles: lines(phaseAngles.from),
      losses: lines(losses83),
      dipDepths: lines(dips.rows).map((line) => line.replace('residual ', '')),
      dipDurations: lines(dips.cols),
    },
    gas: {
      quantities: lines(source.gas.C ?? {}),
      analysis: lines(source.gas.D_analysis_C70 ?? {}),
      index: lines(source.gas.D_index ?? {}),
      flow: lines(source.gas.D_flow_C43 ?? {}),
      process: lines(source.gas.D_process_C41_42_44_49 ?? {}),
      factors: lines(source.gas.D_factors_C51_55 ?? {}).map((line) => line.replace(/ \(E: .*\)$/, '')),
      factorAverages: lines(source.gas.E_factors ?? {}),
    },
    thermal: { quantities: lines(source.thermal.C), processing: lines(source.thermal.D) },
    heatCostAllocator: { quantities: lines(source.hca.C), processing: lines(source.hca.D) },
    water: { quantities: lines(source.water.C), processing: lines(source.water.D) },
    patterns: source.patterns.map((item) => `${item.pattern}|${item.classes.join(',')}|${patternName(item.name)}`),
  };
}

const sortedByCode = <T>(record: Record<string, T>): [string, T][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

const classes = readFacts<{ classes: ClassFact[] }>('classes.json');
const obisFacts = readFacts<ObisFacts>('obis.json');
const flags = readFacts<FlagFacts>('flag-ids.json');
const wire = readFacts<WireFacts>('wire.json');

writeFileSync(
  path.join(target, 'classes.json'),
  `[\n${classes.classes.map((item) => JSON.stringify(classLines(item))).join(',\n')}\n]\n`,
);
write('obis.json', obis(obisFacts));
write(
  'units.json',
  obisFacts.units.map((unit) => `${unit.id}|${unit.symbol}|${unit.name ?? ''}|${unit.quantity ?? ''}`),
);
write('flag-ids.json', {
  // The source lists one code twice, once with a blank behind it.
  manufacturers: sortedByCode(flags.flags)
    .filter(([code]) => /^[A-Z]{3}$/.test(code))
    .map(([code, flag]) => `${code}|${flag.country ?? ''}|${flag.name}`),
  families: sortedByCode(flags.families)
    .filter(([, family]) => family.codes.length > 0)
    .map(([name, family]) => `${family.codes.join(',')}|${name}`),
});
write(
  'conformance.json',
  wire.conformanceBits.map((bit) => {
    const usable = [bit.ln ? 'ln' : '', bit.sn ? 'sn' : ''].filter((part) => part !== '').join(',');
    return `${bit.bit}|${bit.mask24}|${usable}|${bit.name.replace(/ \(.*\)$/, '')}`;
  }),
);
