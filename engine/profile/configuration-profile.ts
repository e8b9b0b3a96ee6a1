import type { AssociationFinding, Fact, MeterFinding, ObjectFinding, Origin } from '../discovery/types.ts';
import { featuresOf } from '../fingerprint/features.ts';

/**
 * What a head-end system needs to know about one meter, made from a finding; schema in
 * schemas/configuration-profile.schema.json. Never holds keys or passwords: a scan has none.
 */
export interface ConfigurationProfile {
  readonly format: 1;
  readonly identity: {
    readonly vendor: string;
    readonly model: string;
    /** 0..1. */
    readonly confidence: number;
    readonly because: readonly string[];
    readonly serial?: Told<string>;
    readonly logicalDeviceName?: Told<string>;
    readonly firmware?: Told<string>;
    /** 16 hex digits. */
    readonly systemTitle?: Told<string>;
    readonly fingerprint?: string;
    readonly texts: readonly { readonly obis: string; readonly name: string; readonly text: string }[];
  };
  /** Settings that worked. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly framing?: Told<'wrapper' | 'hdlc'>;
    readonly hdlc?: Told<HdlcSettings>;
    readonly referencing?: Told<'LN' | 'SN'>;
    /** Client and server SAP of an association that was held. */
    readonly reading?: { readonly client: number; readonly server: number };
  };
  readonly security: {
    readonly suite?: Told<0 | 1 | 2>;
    readonly associations: readonly AssociationSettings[];
  };
  readonly objects: readonly ObjectFinding[];
  readonly provenance: {
    readonly outcome: string;
    readonly reason: string;
    /** Milliseconds since the epoch of the first and the last record of evidence; absent without evidence. */
    readonly from?: number;
    readonly to?: number;
    readonly features: number;
    readonly errors: readonly string[];
  };
}

/** A value and how it was come by. */
export interface Told<T> {
  readonly value: T;
  readonly origin: Origin;
}

export interface HdlcSettings {
  readonly addressBytes: 1 | 2 | 4;
  readonly upper: number;
  readonly lower: number;
  readonly maxInfoTransmit: number;
  readonly maxInfoReceive: number;
  readonly windowTransmit: number;
  readonly windowReceive: number;
}

export interface AssociationSettings {
  readonly client: number;
  readonly server: number;
  readonly mechanism: string;
  readonly ciphered: boolean;
  readonly origin: Origin;
  readonly held: boolean;
  readonly conformance?: readonly string[];
  readonly maxPdu?: number;
}

/** The configuration profile of a finding; undefined where no meter was found. A pure function of the finding. */
export function configurationProfile(finding: MeterFinding): ConfigurationProfile | undefined {
  if (finding.framing === undefined) return undefined;
  const { classification, evidence } = finding;
  const held = finding.associations.find((association) => association.established);
  return {
    format: 1,
    identity: {
      vendor: classification?.vendor ?? 'unknown',
      model: classification?.model ?? 'unknown',
      confidence: classification?.confidence ?? 0,
      because: classification?.because ?? [],
      ...told('serial', finding.serial),
      ...told('logicalDeviceName', finding.logicalDeviceName),
      ...told('firmware', finding.firmware),
      ...told('systemTitle', finding.systemTitle),
      ...(finding.fingerprint === undefined ? {} : { fingerprint: finding.fingerprint }),
      texts: (finding.texts ?? []).map(({ obis, name, text }) => ({ obis, name, text })),
    },
    connection: {
      host: finding.host,
      port: finding.port,
      ...told('framing', finding.framing),
      ...told('hdlc', finding.hdlc),
      ...told('referencing', finding.referencing),
      ...(held === undefined ? {} : { reading: { client: held.clientSap, server: held.serverSap } }),
    },
    security: { ...told('suite', finding.suite), associations: finding.associations.map(settingsOf) },
    objects: finding.objects,
    provenance: {
      outcome: finding.outcome,
      reason: finding.reason,
      ...(evidence[0] === undefined ? {} : { from: evidence[0].time, to: evidence.at(-1)?.time ?? evidence[0].time }),
      features: featuresOf(finding).length,
      errors: finding.errors,
    },
  };
}

function settingsOf(association: AssociationFinding): AssociationSettings {
  const { clientSap, serverSap, mechanism, ciphered, origin, established, conformance, maxPdu } = association;
  return {
    client: clientSap,
    server: serverSap,
    mechanism,
    ciphered,
    origin,
    held: established,
    ...(conformance === undefined ? {} : { conformance }),
    ...(maxPdu === undefined ? {} : { maxPdu }),
  };
}

function told<Name extends string, T>(name: Name, fact: Fact<T> | undefined): { readonly [Key in Name]?: Told<T> } {
  if (fact === undefined) return {};
  const entry: { [Key in Name]?: Told<T> } = {};
  entry[name] = { value: fact.value, origin: fact.origin };
  return entry;
}
