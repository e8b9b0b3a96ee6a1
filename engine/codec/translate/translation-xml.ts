import { apduFromJson, type Json, type JsonObject } from '../apdu-json.ts';
import type { JsonData } from '../axdr/data-json.ts';
import { dataFromJson } from '../axdr/data-json.ts';
import { apduToXml, apduToXmlWithInner, dataToXml } from '../xml/apdu-xml.ts';

/**
 * The APDUs of a translation's value as XML documents, one each: those of frames without the frames around them. An
 * APDU that could not be decoded has none.
 * @throws {TypeError | RangeError} when the JSON does not describe an APDU or Data.
 */
export function translationToXml(value: JsonObject | JsonData): string[] {
  if ('t' in value && typeof value.t === 'string') return [dataToXml(dataFromJson(value))];
  return documentsOf(value as JsonObject);
}

/** Members of frames and logs that hold what is inside of them; see `Translation`. */
const CONTAINERS = ['apdu', 'apdus', 'messages', 'telegrams', 'joined'];

function documentsOf(value: JsonObject): string[] {
  if (typeof value.kind === 'string') return [apduDocument(value)];
  return CONTAINERS.flatMap((name) => {
    const inside = value[name];
    return (Array.isArray(inside) ? inside : [inside]).filter(isObject).flatMap(documentsOf);
  });
}

function apduDocument(json: JsonObject): string {
  const inner = innerOf(json);
  const apdu = apduFromJson(json);
  return inner === undefined ? apduToXml(apdu) : apduToXmlWithInner(apdu, apduDocument(inner));
}

/** The APDU inside of a protected one, or of the protected user-information of an association. */
function innerOf(json: JsonObject): JsonObject | undefined {
  if (isObject(json.inner)) return json.inner;
  const { userInformation } = json;
  return isObject(userInformation) && isObject(userInformation.inner) ? userInformation.inner : undefined;
}

function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
