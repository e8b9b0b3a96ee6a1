import { flagManufacturer } from '../../cosem/flag-ids.ts';
import type { IdentityModel, Referencing } from '../model.ts';
import type { SourcedProperty } from '../semantics/declarations.ts';
import { durationValue, integerValue, numberValue, textValue } from '../semantics/literals.ts';
import type { MeterScope, Place } from '../semantics/scope.ts';
import { suggestWords } from '../suggest.ts';
import type { PropertyNode } from '../syntax/tree.ts';
import { blockSpec } from '../vocabulary/blocks.ts';
import { expandText, placeholdersOf } from './identity-text.ts';
import { type PropertyReader, readProperties } from './read.ts';

/** Longest logical device name (Blue Book 4.1.8.2). */
export const MAX_LOGICAL_DEVICE_NAME = 16;

/** What `identity` and `nameplate` say. */
export interface CompiledIdentity {
  readonly identity: IdentityModel;
  readonly referencing: Referencing;
}

const NO_PROPERTIES: ReadonlyMap<string, SourcedProperty> = new Map();

/** Compiles `identity` and `nameplate`. */
export function compileIdentity(scope: MeterScope): CompiledIdentity {
  const spec = blockSpec('identity');
  const properties = scope.meter.singles.get('identity') ?? NO_PROPERTIES;
  if (spec === undefined) throw new Error('the vocabulary has no identity block');
  const read = readProperties(spec, properties, scope);
  if (scope.complete) {
    for (const property of spec.properties) {
      if (property.required === true && !properties.has(property.name)) {
        scope.reportHere(
          'DLMS-208',
          `Meter '${scope.meter.declaration.name}' has no '${property.name}' in its identity: ${property.doc}`,
          {
            hint: `Write 'identity { ${property.name}: ${property.example} }'.`,
          },
        );
      }
    }
  }
  const texts = new Map<string, string>();
  for (const name of [
    'vendor',
    'flag',
    'model',
    'firmware',
    'hardware',
    'type',
    'serial',
    'logical_device_name',
    'system_title',
  ]) {
    const text = read.text(name);
    if (text !== undefined) texts.set(name, text);
  }
  const year = read.integer('year');
  const identity: IdentityModel = {
    vendor: texts.get('vendor') ?? '',
    flag: texts.get('flag') ?? '',
    model: texts.get('model') ?? '',
    firmware: texts.get('firmware') ?? '',
    serial: texts.get('serial') ?? '',
    logicalDeviceName: texts.get('logical_device_name') ?? '',
    ...(texts.has('system_title') ? { systemTitle: texts.get('system_title') ?? '' } : {}),
    cosemVersion: read.integer('cosem_version') ?? 6,
    properties: {
      ...(texts.has('hardware') ? { hardware: texts.get('hardware') ?? '' } : {}),
      ...(texts.has('type') ? { type: texts.get('type') ?? '' } : {}),
      ...(year === undefined ? {} : { year }),
      ...nameplate(scope),
    },
  };
  checkTexts(identity, read, scope);
  const referencing = read.word('referencing');
  return { identity, referencing: referencing === 'SN' || referencing === 'both' ? referencing : 'LN' };
}

/** Ratings as numbers where they are one number, else as they are written. */
function nameplate(scope: MeterScope): Record<string, string | number> {
  const result: Record<string, string | number> = {};
  for (const [name, source] of scope.meter.singles.get('nameplate') ?? NO_PROPERTIES)
    result[name] = plainValue(source.node);
  return result;
}

function plainValue(node: PropertyNode): string | number {
  const values = node.items.map((item) =>
    item.parts.map((part) => {
      if (part.kind === 'literal' && part.type === 'text') return textValue(part);
      if (part.kind === 'quantity') return part;
      if (part.kind === 'literal') return integerValue(part) ?? numberValue(part) ?? durationValue(part) ?? part.text;
      return part.kind === 'name' ? part.text : '';
    }),
  );
  const [first] = values[0] ?? [];
  if (values.length === 1 && values[0]?.length === 1 && first !== undefined) {
    if (typeof first !== 'object') return first;
    return numberValue(first.number) ?? first.number.text;
  }
  return values
    .map((parts) =>
      parts
        .map((part) => (typeof part === 'object' ? `${part.number.text} ${part.unit.text}` : String(part)))
        .join(' '),
    )
    .join(', ');
}

function checkTexts(identity: IdentityModel, read: PropertyReader, scope: MeterScope): void {
  for (const name of ['serial', 'logical_device_name', 'system_title']) checkPlaceholders(name, identity, read);
  const flag = flagManufacturer(identity.flag);
  const flagPlace = read.place('flag');
  const flagNode = read.source('flag')?.node.items[0];
  if (
    flag !== undefined &&
    flagPlace !== undefined &&
    flagNode !== undefined &&
    !sameMaker(flag.name, flag.family, identity.vendor)
  ) {
    flagPlace.report(
      'DLMS-703',
      flagNode,
      `FLAG id '${identity.flag}' is registered for ${flag.name}, but the vendor here is '${identity.vendor}'.`,
    );
  }
  checkLogicalDeviceName(identity, read, scope);
  checkSystemTitle(identity, read);
}

function sameMaker(name: string, family: string | undefined, vendor: string): boolean {
  const [word = ''] = vendor.toLowerCase().split(/[^a-z0-9]+/);
  return word !== '' && `${name} ${family ?? ''}`.toLowerCase().includes(word);
}

function checkPlaceholders(name: string, identity: IdentityModel, read: PropertyReader): void {
  const place = read.place(name);
  const item = read.source(name)?.node.items[0];
  const text = read.text(name);
  if (place === undefined || item === undefined || text === undefined) return;
  for (const placeholder of placeholdersOf(text)) {
    if (placeholder.known(identity, name)) continue;
    const from = item.from + 1 + placeholder.from;
    const names = ['n', 'flag', 'model', 'serial', 'firmware', 'vendor', ...Object.keys(identity.properties)].filter(
      (one) => one !== name,
    );
    const suggestions = suggestWords(placeholder.name, names);
    place.report(
      'DLMS-414',
      { from, to: from + placeholder.text.length },
      `'${placeholder.text}' stands for nothing: placeholders are {n:08} for the number of the meter and {name} for ${names.slice(1, 5).join(', ')}.`,
      {
        suggestions: suggestions.map((one) => `{${one}}`),
      },
    );
  }
}

function checkLogicalDeviceName(identity: IdentityModel, read: PropertyReader, scope: MeterScope): void {
  const place = read.place('logical_device_name');
  const item = read.source('logical_device_name')?.node.items[0];
  if (place === undefined || item === undefined || !scope.complete || identity.logicalDeviceName === '') return;
  if (placeholdersOf(identity.logicalDeviceName).some((one) => !one.known(identity, 'logical_device_name'))) return;
  const name = expandText(identity.logicalDeviceName, identity, 1);
  const octets = new TextEncoder().encode(name).length;
  if (octets > MAX_LOGICAL_DEVICE_NAME) {
    place.report(
      'DLMS-701',
      item,
      `The logical device name becomes '${name}', which has ${octets} octets; at most ${MAX_LOGICAL_DEVICE_NAME} are allowed.`,
      {
        hint: 'Leave out the model, or give the serial number fewer digits.',
      },
    );
  } else if (identity.flag !== '' && !name.startsWith(identity.flag)) {
    place.report(
      'DLMS-702',
      item,
      `The logical device name becomes '${name}'; it should begin with the FLAG letters '${identity.flag}'.`,
    );
  }
}

function checkSystemTitle(identity: IdentityModel, read: PropertyReader): void {
  const place: Place | undefined = read.place('system_title');
  const item = read.source('system_title')?.node.items[0];
  if (place === undefined || item === undefined || identity.systemTitle === undefined) return;
  if (placeholdersOf(identity.systemTitle).some((one) => !one.known(identity, 'system_title'))) return;
  const title = expandText(identity.systemTitle, identity, 1);
  if (!/^[0-9A-Fa-f]{16}$/.test(title)) {
    place.report(
      'DLMS-704',
      item,
      `The system title becomes '${title}'; it must be 8 octets, written as 16 hex digits.`,
    );
  }
}
