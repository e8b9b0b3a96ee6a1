import type { Fact as EngineFact, MeterFinding } from '../../engine/discovery/types.ts';
import type { Fact, MeterView } from '../../webview/messages.ts';
import { formatAddress } from '../inputs/addresses.ts';
import { mechanismName } from './mechanism.ts';

/** A stored meter as the fingerprint page shows it. Pure. */
export function meterViewOf(meter: MeterFinding & { readonly id: string }): MeterView {
  return {
    meterId: meter.id,
    address: formatAddress(meter),
    outcome: meter.outcome,
    reason: meter.reason,
    identity: identityOf(meter),
    fingerprint: meter.fingerprint === undefined ? [] : [{ name: 'Fingerprint', value: meter.fingerprint }],
    associations: meter.associations.map((found) => ({
      client: found.clientSap,
      server: found.serverSap,
      mechanism: mechanismName(found.mechanism),
      ciphered: found.ciphered,
      established: found.established,
      origin: found.origin,
      conformance: found.conformance ?? [],
      ...(found.maxPdu === undefined ? {} : { maxPdu: found.maxPdu }),
      // What an AARE says when there is nothing to say.
      ...(found.diagnostic === undefined || found.diagnostic === 'null' ? {} : { diagnostic: found.diagnostic }),
    })),
    objects: meter.objects.map((object) => ({
      obis: object.obis,
      class: object.class,
      version: object.version,
      name: object.name,
      access: Object.entries(object.access ?? {})
        .map(([attribute, mode]) => `${attribute} ${mode}`)
        .join(', '),
      ...(object.baseName === undefined ? {} : { baseName: object.baseName }),
    })),
    evidence: meter.evidence.map(({ time, kind, step, hex, text }) => ({
      time,
      kind,
      step,
      text: [hex === undefined ? undefined : spaced(hex), text].filter((part) => part !== undefined).join(' · '),
    })),
    errors: meter.errors,
    ...(meter.classification === undefined ? {} : { classification: classificationOf(meter.classification) }),
  };
}

function classificationOf({
  vendor,
  model,
  confidence,
  because,
  alternatives,
}: NonNullable<MeterFinding['classification']>) {
  return {
    vendor,
    model,
    confidence,
    because,
    alternatives: alternatives.map((other) => ({
      vendor: other.vendor,
      model: other.model,
      confidence: other.confidence,
    })),
  };
}

function identityOf(meter: MeterFinding): Fact[] {
  const facts: Fact[] = [];
  const add = <T>(name: string, fact: EngineFact<T> | undefined, text: (value: T) => string) => {
    if (fact !== undefined) facts.push({ name, value: text(fact.value), origin: fact.origin });
  };
  add('Logical device name', meter.logicalDeviceName, String);
  add('Serial number', meter.serial, String);
  add('Firmware', meter.firmware, String);
  add('System title', meter.systemTitle, spaced);
  add('Referencing', meter.referencing, (value) => (value === 'LN' ? 'logical names (LN)' : 'short names (SN)'));
  add('Framing', meter.framing, String);
  add('HDLC', meter.hdlc, (value) =>
    [
      `${value.addressBytes}-byte address ${value.upper}/${value.lower}`,
      `information field ${value.maxInfoTransmit}/${value.maxInfoReceive}`,
      `window ${value.windowTransmit}/${value.windowReceive}`,
    ].join(', '),
  );
  add('Security suite', meter.suite, String);
  return facts;
}

/** `0a1b` as `0a 1b`. */
export function spaced(hex: string): string {
  return hex.replace(/(..)(?=.)/g, '$1 ');
}
