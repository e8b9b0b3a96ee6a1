import type { Apdu } from '../codec/apdu.ts';
import type { AttributeDescriptor, GetRequest, VariableAccess } from '../codec/xdlms/types.ts';

/** One line for traces and evidence: kind, type, what it is about, e.g. `get-request-normal 1-0:1.8.0.255 #2`. */
export function summarizeApdu(apdu: Apdu): string {
  switch (apdu.kind) {
    case 'aarq':
      return `aarq ${apdu.applicationContext} ${apdu.mechanism ?? 'lowest'}`;
    case 'aare':
      return `aare ${apdu.result} ${apdu.diagnostic.value}`;
    case 'get-request':
      return getRequest(apdu);
    case 'get-response':
      return `get-response-${apdu.type}${blockOf(apdu)}${'result' in apdu ? ` ${apdu.result}` : ''}`;
    case 'set-request':
      return `set-request-${apdu.type}${'attr' in apdu ? ` ${describeAttribute(apdu.attr)}` : ''}${blockOf(apdu)}`;
    case 'set-response':
      return `set-response-${apdu.type}${'result' in apdu ? ` ${apdu.result}` : ''}${blockOf(apdu)}`;
    case 'action-request':
      return `action-request-${apdu.type}${'method' in apdu ? ` ${describeAttribute(apdu.method)}` : ''}${blockOf(apdu)}`;
    case 'action-response':
      return `action-response-${apdu.type}${'result' in apdu ? ` ${apdu.result}` : ''}${blockOf(apdu)}`;
    case 'read-request':
    case 'write-request':
    case 'unconfirmed-write-request':
      return `${apdu.kind} ${apdu.list.map(describeVariable).join(', ')}`;
    case 'read-response':
      return `read-response ${apdu.list.map((item) => ('result' in item ? item.result : Object.keys(item)[0])).join(', ')}`;
    case 'write-response':
      return `write-response ${apdu.list.map((item) => (typeof item === 'string' ? item : `block ${item['block-number']}`)).join(', ')}`;
    case 'confirmed-service-error':
      return `confirmed-service-error ${apdu.service} ${apdu.error}/${apdu.value}`;
    case 'exception-response':
      return `exception-response ${apdu.stateError}/${apdu.serviceError}`;
    case 'general-block-transfer':
      return `general-block-transfer block ${apdu.block} ack ${apdu.blockAck}${apdu.last ? ' last' : ''}`;
    default:
      return apdu.kind;
  }
}

export function describeAttribute(attribute: AttributeDescriptor): string {
  return `${attribute.obis} #${attribute.index}`;
}

function getRequest(apdu: GetRequest): string {
  if (apdu.type === 'normal')
    return `get-request-normal ${describeAttribute(apdu.attr)}${apdu.selective === null ? '' : ` selector ${apdu.selective.selector}`}`;
  if (apdu.type === 'next') return `get-request-next block ${apdu.block}`;
  return `get-request-with-list ${apdu.list.length} items from ${apdu.list[0] === undefined ? '-' : describeAttribute(apdu.list[0])}`;
}

function blockOf(apdu: object): string {
  if (!('block' in apdu)) return '';
  return ` block ${String(apdu.block)}${'last' in apdu && apdu.last === true ? ' last' : ''}`;
}

function describeVariable(access: VariableAccess): string {
  if ('variable-name' in access) return shortName(access['variable-name']);
  if ('parameterized-access' in access) {
    const { name, selector } = access['parameterized-access'];
    return `${shortName(name)} selector ${selector}`;
  }
  if ('block-number-access' in access) return `block ${access['block-number-access']}`;
  if ('read-data-block-access' in access) return `read-data-block ${access['read-data-block-access'].block}`;
  return `write-data-block ${access['write-data-block-access'].block}`;
}

/** SN short name as it is usually written: four hex digits. */
export function shortName(name: number): string {
  return name.toString(16).toUpperCase().padStart(4, '0');
}
