import type { Json, JsonObject } from '../apdu-json.ts';
import { dataToJson } from '../axdr/data-json.ts';
import { toHex } from '../hex.ts';
import { revealedToJson } from '../reveal.ts';
import type { VariableAccess } from '../xdlms/types.ts';
import type { DialogueEvent, DialogueExchange, DialogueMessage, ExchangeItem } from './dialogue-types.ts';
import { maskedOctets, withoutSecrets } from './mask-secrets.ts';

/** An event of a dialogue as plain JSON. Passwords and dedicated keys are masked at their length. */
export function dialogueEventToJson(event: DialogueEvent): JsonObject {
  switch (event.type) {
    case 'note': {
      const { type, time, packet, direction, text, error } = event;
      return { type, time, packet, direction, text, ...(error === undefined ? {} : { error: { ...error } }) };
    }
    case 'message':
      return messageToJson(event);
    case 'exchange':
      return exchangeToJson(event);
  }
}

function messageToJson(message: DialogueMessage): JsonObject {
  const { type, time, packet, index, direction, peers, octets, revealed, apdu, blocks, deviations, error } = message;
  return {
    type,
    time,
    packet,
    index,
    direction,
    near: peers.near,
    far: peers.far,
    kind: apdu?.kind ?? revealed?.apdu.kind ?? 'undecodable',
    hex: toHex(maskedOctets(octets, revealed)),
    ...(blocks === undefined ? {} : { blocks }),
    ...(revealed === undefined ? {} : { apdu: revealedToJson(withoutSecrets(revealed)) }),
    deviations: deviations.map((deviation) => ({ ...deviation })),
    ...(error === undefined ? {} : { error: { ...error } }),
  };
}

function exchangeToJson(exchange: DialogueExchange): JsonObject {
  const { type, time, packet, peers, service, messages, blocks, items, failure } = exchange;
  return {
    type,
    time,
    packet,
    near: peers.near,
    far: peers.far,
    service,
    messages,
    blocks,
    items: items.map(exchangeItemToJson),
    ...(failure === undefined ? {} : { failure }),
  };
}

export function exchangeItemToJson({ op, object, variable, selective, sent, data, result }: ExchangeItem): JsonObject {
  return {
    op,
    ...(object === undefined ? {} : { class: object.class, obis: object.obis, index: object.index }),
    ...(variable === undefined ? {} : { variable: variableToJson(variable) }),
    ...(selective === undefined
      ? {}
      : { selective: { selector: selective.selector, params: dataToJson(selective.params) } }),
    ...(sent === undefined ? {} : { sent: dataToJson(sent) }),
    ...(data === undefined ? {} : { data: dataToJson(data) }),
    ...(result === undefined ? {} : { result }),
  };
}

function variableToJson(variable: VariableAccess): Json {
  if ('parameterized-access' in variable) {
    const { name, selector, parameter } = variable['parameterized-access'];
    return { 'parameterized-access': { name, selector, parameter: dataToJson(parameter) } };
  }
  if ('read-data-block-access' in variable) {
    const { last, block, raw } = variable['read-data-block-access'];
    return { 'read-data-block-access': { last, block, raw: toHex(raw) } };
  }
  return variable;
}
