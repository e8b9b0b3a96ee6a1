import type { Mechanism } from '../codec/acse/types.ts';
import type { DataType } from '../codec/axdr/data.ts';

/**
 * The canonical model: what a `.dlmsmeter` template compiles to. Stable order, plain JSON, schema in
 * schemas/meter-model.schema.json. Emulator, REST API and fingerprinting read only this, never the text.
 */
export interface CompiledTemplates {
  readonly format: 1;
  readonly meters: readonly MeterModel[];
  readonly fleets: readonly FleetModel[];
}

export type Referencing = 'LN' | 'SN' | 'both';

/** Text with `{name}` placeholders: identity properties, and `{n:08}` for the number of the meter in its fleet. */
export type TextTemplate = string;

export interface MeterModel {
  readonly name: string;
  readonly title?: string;
  /** Names of the templates it was derived from, nearest first. */
  readonly derivedFrom: readonly string[];
  readonly identity: IdentityModel;
  readonly referencing: Referencing;
  readonly transports: readonly TransportModel[];
  readonly hdlc: HdlcModel;
  readonly securities: readonly SecurityModel[];
  readonly associations: readonly AssociationModel[];
  /** Named expressions over simulated time, e.g. `load`. */
  readonly simulate: Readonly<Record<string, Expression>>;
  readonly objects: readonly ObjectModel[];
  readonly quirks: readonly BehaviourModel[];
  readonly faults: readonly BehaviourModel[];
}

export interface IdentityModel {
  readonly vendor: string;
  /** Three FLAG letters. */
  readonly flag: string;
  readonly model: string;
  readonly firmware: string;
  readonly serial: TextTemplate;
  /** At most 16 octets once expanded. */
  readonly logicalDeviceName: TextTemplate;
  /** 16 hex digits once expanded; absent = FLAG letters and the last 40 bits of the serial's digits as a number. */
  readonly systemTitle?: TextTemplate;
  readonly cosemVersion: number;
  /** Further identity and nameplate properties by name, for references and profiles. */
  readonly properties: Readonly<Record<string, string | number>>;
}

export interface TransportModel {
  readonly name: string;
  readonly kind: 'tcp' | 'udp' | 'serial';
  readonly framing: 'wrapper' | 'hdlc';
  readonly port?: number;
  /** wPort of the server in the wrapper; default 1. */
  readonly serverWPort: number;
  /** Connections at once; further ones are refused. 0 = unlimited. */
  readonly sessions: number;
  /** Milliseconds; 0 = never. */
  readonly idleTimeoutMs: number;
  /** Speed of a serial line, bit/s; absent = 9600, or what mode E agrees on. */
  readonly baud?: number;
  /** Parity of a serial line; absent = none. */
  readonly parity?: 'none' | 'even' | 'odd';
  /** The session starts with the IEC 62056-21 mode E opening. */
  readonly modeE?: {
    /** e.g. `/ZZA5\\2A1000`; absent = made of FLAG letters, speed and model. */
    readonly identification?: string;
    /** Device address the meter answers to besides the empty one. */
    readonly address?: string;
  };
  /** The meter is behind a gateway: only APDUs with this header are for it. */
  readonly gateway?: {
    /** 0..255. */
    readonly networkId: number;
    /** Physical device address, hex. */
    readonly address: string;
  };
}

export interface HdlcModel {
  readonly addressBytes: 1 | 2 | 4;
  /** What becomes of server addresses of another width (Q17); absent = `any`. */
  readonly addressRule?: 'any' | 'standard' | 'exact';
  readonly serverUpper: number;
  /** Lower address, or an expression over the serial. */
  readonly serverLower: Expression;
  readonly maxInfoTransmit: number;
  readonly maxInfoReceive: number;
  readonly windowTransmit: number;
  readonly windowReceive: number;
  readonly inactivityTimeoutMs: number;
}

/** Where a key or password comes from. Values never stand in the model unless the author wrote a literal. */
export type SecretReference =
  | { readonly secret: string }
  | { readonly env: string }
  | { readonly file: string }
  | { readonly literal: string; readonly encoding: 'hex' | 'text' };

export type PolicyItem =
  | 'authenticated-request'
  | 'encrypted-request'
  | 'signed-request'
  | 'authenticated-response'
  | 'encrypted-response'
  | 'signed-response';

export interface SecurityModel {
  readonly name: string;
  readonly suite: 0 | 1 | 2;
  readonly globalUnicastKey?: SecretReference;
  readonly globalBroadcastKey?: SecretReference;
  readonly authenticationKey?: SecretReference;
  readonly masterKey?: SecretReference;
  /** Private keys of the meter, suites 1 and 2. */
  readonly signingKey?: SecretReference;
  readonly agreementKey?: SecretReference;
  /** Certificate of the signing key. */
  readonly certificate?: SecretReference;
  /** Public keys or certificates of clients. */
  readonly clientSigningKey?: SecretReference;
  readonly clientAgreementKey?: SecretReference;
  readonly policy: readonly PolicyItem[];
}

export interface AssociationModel {
  readonly name: string;
  readonly clientSap: number;
  readonly serverSap: number;
  readonly mechanism: Mechanism;
  /** Password of LLS, shared secret of HLS MD5/SHA. */
  readonly secret?: SecretReference;
  readonly context: 'LN' | 'SN';
  readonly ciphering: boolean;
  /** Name of a security block. */
  readonly security?: string;
  /** Conformance bit names, in the order of the bits. */
  readonly conformance: readonly string[];
  readonly maxPdu: number;
  readonly lock?: { readonly failures: number; readonly durationMs: number };
}

/** What one association may do with one attribute or method. Absent = nothing. */
export interface AccessModel {
  readonly get?: readonly Protection[];
  readonly set?: readonly Protection[];
  readonly action?: readonly Protection[];
}
export type Protection = 'authenticated' | 'encrypted' | 'signed';

export interface ObjectModel {
  readonly name: string;
  readonly title?: string;
  /** `A-B:C.D.E.F`. */
  readonly obis: string;
  readonly class: number;
  readonly version: number;
  /** The class as the template declares it; only for classes that are not the Blue Book's. */
  readonly declared?: DeclaredClassModel;
  /** SN base name (unsigned, 16 bits); present when the meter has SN referencing. */
  readonly baseName?: number;
  /** Attribute index -> value, without logical_name (1). Attributes left out are worked out by the class or have its default. */
  readonly attributes: Readonly<Record<string, AttributeModel>>;
  /** Association name -> default access of the object's attributes and methods, and what departs from it. */
  readonly access: Readonly<Record<string, ObjectAccessModel>>;
  /** Class-specific settings the attributes do not carry, e.g. prefill of a profile, `of` of a security setup. */
  readonly settings: Readonly<Record<string, Expression>>;
}

/** A class of the maker's own: its attributes from 2 on and its methods from 1 on, in their order. */
export interface DeclaredClassModel {
  readonly name: string;
  /** Without a type the class leaves it to its objects. */
  readonly attributes: readonly { readonly name: string; readonly type?: DataType }[];
  readonly methods: readonly string[];
}

export interface ObjectAccessModel extends AccessModel {
  readonly attributes?: Readonly<Record<string, AccessModel>>;
  readonly methods?: Readonly<Record<string, AccessModel>>;
}

export interface AttributeModel {
  /** Type on the wire; absent where the class decides. */
  readonly type?: DataType;
  readonly value: Expression;
}

/**
 * Pure expression over (template, serial, seed, time). `unit` is a unit symbol written behind a number.
 * References: `identity.x`, `simulate.x`, object names (value of attribute 2) and `object.attribute`.
 */
export type Expression =
  | { readonly k: 'number'; readonly value: number; readonly unit?: string }
  | { readonly k: 'text'; readonly value: string }
  | { readonly k: 'boolean'; readonly value: boolean }
  | { readonly k: 'octets'; readonly hex: string }
  | { readonly k: 'duration'; readonly ms: number }
  | { readonly k: 'date-time'; readonly text: string }
  | { readonly k: 'scaler-unit'; readonly scaler: number; readonly unit: string }
  | { readonly k: 'name'; readonly value: string }
  | { readonly k: 'ref'; readonly path: string }
  | { readonly k: 'list'; readonly items: readonly Expression[] }
  | {
      readonly k: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly named: Readonly<Record<string, Expression>>;
    }
  | { readonly k: 'binary'; readonly op: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly k: 'unary'; readonly op: '-' | '+'; readonly of: Expression };
export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '<' | '<=' | '>' | '>=' | '==' | '!=';

/** A quirk (always) or a fault (sometimes). `actions` are the closed vocabulary, e.g. `delay`, `drop`, `limit`. */
export interface BehaviourModel {
  readonly name: string;
  readonly describes?: string;
  readonly when?: Expression;
  /** 0..1. */
  readonly probability?: number;
  readonly everyMs?: number;
  readonly forMs?: number;
  readonly object?: string;
  readonly actions: readonly { readonly action: string; readonly args: readonly Expression[] }[];
}

export interface FleetModel {
  readonly name: string;
  readonly meter: string;
  readonly count: number;
  readonly serialFrom: number;
  readonly address: { readonly spread: string } | FleetAddress;
  /** Names of transports to open; empty = all. */
  readonly transports: readonly string[];
  readonly seed: number;
  /** Identity properties. */
  readonly vary: Readonly<Record<string, Expression>>;
  /** Time each meter takes to answer. */
  readonly latency?: Expression;
  /** Names of the quirks each meter has; absent = all of its template. */
  readonly quirks?: Expression;
}

/** One address for all meters of a fleet: with the ports of the transports, with a port each, or all behind one. */
export interface FleetAddress {
  readonly one: string;
  /** All meters are behind this port. */
  readonly port?: number;
  readonly portsFrom?: number;
  /** All meters share address and port; numbers count from here (wPort with the wrapper, lower address in HDLC). */
  readonly sapsFrom?: number;
}
