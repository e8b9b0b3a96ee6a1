import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Document } from 'yaml';
import schema from '../../../schemas/obis-profile.schema.json' with { type: 'json' };
import type { Report } from '../semantics/report.ts';
import { didYouMean, suggestWords } from '../suggest.ts';
import { firstLine, keyPlace, valuePlace } from './yaml-places.ts';

/** Compiled at first use: it would cost the start of every process that knows templates some 70 ms. */
let compiled: ValidateFunction | undefined;

function validator(): ValidateFunction {
  if (compiled === undefined) {
    const ajv = new Ajv2020({ allErrors: true, strict: true, verbose: true, allowUnionTypes: true });
    addFormats.default(ajv, ['regex']);
    compiled = ajv.compile(schema);
  }
  return compiled;
}

/** Reports where a profile departs from its schema, in words and at the key or value in question. True if it does not. */
export function reportSchemaErrors(value: unknown, document: Document, text: string, report: Report): boolean {
  const validate = validator();
  if (validate(value)) return true;
  // Of an alternative only the whole is worth telling.
  const errors = (validate.errors ?? []).filter((error) => !/\/anyOf\/\d+/.test(error.schemaPath));
  for (const error of errors) reportError(error, document, text, report);
  return false;
}

/** Descriptions of properties in the schema, for hover and completion. */
export const profileSchema: unknown = schema;

function reportError(error: ErrorObject, document: Document, text: string, report: Report): void {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const name = path.findLast((part) => !/^\d+$/.test(part)) ?? 'the profile';
  const parameters = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'required': {
      const missing = String(parameters.missingProperty);
      const range =
        path.length === 0
          ? firstLine(valuePlace(document, [], text), text)
          : firstLine(valuePlace(document, path, text), text);
      report('DLMS-902', range, `'${missing}' is missing here. ${description(error, missing)}`.trim());
      return;
    }
    case 'additionalProperties': {
      const found = String(parameters.additionalProperty);
      const known = propertyNames(error);
      const suggestions = suggestWords(found, known);
      report(
        'DLMS-902',
        keyPlace(document, [...path, found], text),
        `'${found}' is not known here.${didYouMean(suggestions) || ` There are ${known.join(', ')}.`}`,
        { suggestions },
      );
      return;
    }
    case 'propertyNames':
      report(
        'DLMS-902',
        keyPlace(document, [...path, String(parameters.propertyName)], text),
        `'${String(parameters.propertyName)}' cannot be a key of '${name}'. ${description(error)}`.trim(),
      );
      return;
    case 'enum': {
      const allowed = (parameters.allowedValues as readonly unknown[]).map(String);
      const suggestions = suggestWords(String(error.data), allowed);
      report(
        'DLMS-902',
        valuePlace(document, path, text),
        `${shown(error.data)} cannot stand for '${name}'.${didYouMean(suggestions) || ` There are ${allowed.join(', ')}.`}`,
        { suggestions },
      );
      return;
    }
    case 'pattern':
      // The pattern of a key is reported as propertyNames as well.
      if (error.propertyName === undefined)
        report(
          'DLMS-902',
          valuePlace(document, path, text),
          `${shown(error.data)} cannot stand for '${name}'. ${description(error)}`.trim(),
        );
      return;
    case 'type':
    case 'anyOf': {
      const braces = unquotedBraces(error.data);
      report(
        'DLMS-902',
        valuePlace(document, path, text),
        braces === undefined
          ? `${shown(error.data)} cannot stand for '${name}'. ${expected(error)}`.trim()
          : `{${braces}} without quotes is a mapping in YAML. Write "{${braces}}".`,
        braces === undefined ? {} : { suggestions: [`"{${braces}}"`] },
      );
      return;
    }
    default:
      report(
        'DLMS-902',
        valuePlace(document, path, text),
        `'${name}' ${error.message ?? 'is not as expected'}. ${description(error)}`.trim(),
      );
  }
}

/** `{tariff}` without quotes is `{ tariff: null }`. */
function unquotedBraces(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [[key, inner] = ['', undefined], ...rest] = Object.entries(value);
  return rest.length === 0 && inner === null && /^[a-z]+$/.test(key) ? key : undefined;
}

function shown(value: unknown): string {
  if (value === null) return 'Nothing';
  if (Array.isArray(value)) return 'A list';
  if (typeof value === 'object') return 'A mapping';
  return `'${String(value)}'`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
};

function expected(error: ErrorObject): string {
  const type = (error.params as Readonly<Record<string, unknown>>).type;
  const word = typeof type === 'string' ? TYPE_WORDS[type] : undefined;
  const about = description(error);
  return word === undefined ? about : `Expected ${word}. ${about}`.trim();
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function propertyNames(error: ErrorObject): readonly string[] {
  return Object.keys(record(record(error.parentSchema)?.properties) ?? {});
}

/** What the schema says about the value, or about a property of it. */
function description(error: ErrorObject, property?: string): string {
  const around = record(error.parentSchema);
  const own = property === undefined ? around : record(record(around?.properties)?.[property]);
  const text = own?.description ?? record(around)?.description;
  return typeof text === 'string' ? text : '';
}
