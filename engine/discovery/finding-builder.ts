import type { HdlcLinkParameters } from '../codec/hdlc/parameters.ts';
import type { SessionError } from '../session/errors.ts';
import type { ReadAssociations } from './association-objects.ts';
import { type Framing, referencingOf, serverOf } from './attempt.ts';
import { describeHdlcCandidate } from './candidates.ts';
import type { Contact } from './contact.ts';
import type { Heard } from './detect-framing.ts';
import type { ExaminedClient } from './examine-client.ts';
import type { Identity } from './identity.ts';
import type { AssociationFinding, MeterFinding, ObjectFinding, Outcome } from './types.ts';

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };
type Facts = Mutable<
  Pick<
    MeterFinding,
    'framing' | 'hdlc' | 'referencing' | 'suite' | 'systemTitle' | 'logicalDeviceName' | 'serial' | 'firmware' | 'texts'
  >
>;

/** Puts the finding of one target together and words its outcome. */
export class FindingBuilder {
  readonly #contact: Contact;
  readonly #host: string;
  readonly #started: number;
  readonly #facts: Facts = {};
  readonly #associations = new Map<number, AssociationFinding>();
  readonly #said: string[] = [];
  #objects: readonly ObjectFinding[] = [];
  #framing: Framing | undefined;
  #outcome: Outcome | undefined;
  #reason = '';

  constructor(contact: Contact, host: string) {
    this.#contact = contact;
    this.#host = host;
    this.#started = contact.options.monotonic();
  }

  get hasObjects(): boolean {
    return this.#objects.length > 0;
  }

  get referencing(): 'LN' | 'SN' | undefined {
    return this.#facts.referencing?.value;
  }

  framing(framing: Framing, evidence: readonly number[]): void {
    this.#framing = framing;
    this.#facts.framing = { value: framing.kind, origin: 'negotiated', evidence };
  }

  hdlcParameters(parameters: HdlcLinkParameters): void {
    if (this.#framing?.kind !== 'hdlc') return;
    const { candidate } = this.#framing;
    this.#facts.hdlc = {
      value: {
        addressBytes: candidate.bytes,
        upper: candidate.server.upper,
        lower: candidate.server.lower ?? 0,
        maxInfoTransmit: parameters.maxInfoTx,
        maxInfoReceive: parameters.maxInfoRx,
        windowTransmit: parameters.windowTx,
        windowReceive: parameters.windowRx,
      },
      origin: 'negotiated',
      evidence: this.#facts.framing?.evidence ?? [],
    };
  }

  client(examined: ExaminedClient, evidence: readonly number[]): void {
    const { finding, context, systemTitle } = examined;
    this.#said.push(`client ${examined.client}: ${examined.said}`);
    if (finding !== undefined) this.#associations.set(finding.clientSap, finding);
    if (finding !== undefined && context !== undefined)
      this.#facts.referencing ??= {
        value: referencingOf(context),
        origin: finding.established ? 'negotiated' : 'inferred',
        evidence,
      };
    if (systemTitle !== undefined)
      this.#facts.systemTitle ??= {
        value: Buffer.from(systemTitle).toString('hex').toUpperCase(),
        origin: 'negotiated',
        evidence,
      };
  }

  objects(objects: readonly ObjectFinding[]): void {
    this.#objects = objects;
  }

  identity(identity: Identity): void {
    const { logicalDeviceName, serial, firmware, texts } = identity;
    if (logicalDeviceName !== undefined) this.#facts.logicalDeviceName = logicalDeviceName;
    if (serial !== undefined) this.#facts.serial = serial;
    if (firmware !== undefined) this.#facts.firmware = firmware;
    this.#facts.texts = texts;
  }

  /** What was seen on the wire stands; what the meter says about its associations fills the gaps. */
  readAssociations(read: ReadAssociations): void {
    for (const association of read.associations) {
      if (!this.#associations.has(association.clientSap)) this.#associations.set(association.clientSap, association);
    }
    if (read.suite !== undefined) this.#facts.suite = read.suite;
    if (read.systemTitle !== undefined) this.#facts.systemTitle ??= read.systemTitle;
  }

  /** Nothing of DLMS was heard. */
  notSpoken(heard: Heard, description: string): void {
    if (heard === 'silence')
      this.#end(
        'open',
        `the port is open, but there is ${description}; try a longer timeout, or the HDLC address of the meter`,
      );
    else if (heard === 'turned-away')
      this.#end(
        'closed',
        `${description}, before it was asked anything; all sessions may be taken, or something answers in place of a meter`,
      );
    else if (heard === 'closed')
      this.#end('open', `${description} as soon as DLMS was sent; all sessions may be taken, or it is no DLMS port`);
    else if (heard === 'dlms-wrapper')
      this.#end('speaks-dlms', 'begins wrapper messages and does not finish them; try a longer timeout');
    else if (heard === 'dlms-hdlc') this.#end('speaks-dlms', description);
    else this.#end('not-dlms', `${description} answers there, not a DLMS meter`);
  }

  /** The look at the target ended early. */
  broken(failure: SessionError): void {
    if (failure.code === 'cancelled') this.#end('cancelled', 'the scan was cancelled while this target was looked at');
    else if (failure.code === 'connect-refused') this.#end('closed', failure.message);
    else if (failure.code === 'connect-timeout' || failure.code === 'unreachable')
      this.#end('unreachable', failure.message);
    else if (this.#facts.framing === undefined)
      this.#end(failure.code === 'limit' ? 'not-dlms' : 'error', failure.message);
    else this.#contact.errors.push(failure.message);
  }

  /** Reading broke off; what was read before is kept. */
  interrupted(failure: SessionError): void {
    this.#contact.errors.push(`${this.#contact.evidence.currentStep}: ${failure.message}`);
  }

  finish(): MeterFinding {
    this.#contact.evidence.finish();
    if (this.#outcome === undefined) this.#judge();
    return {
      host: this.#host,
      port: this.#contact.options.port,
      outcome: this.#outcome ?? 'error',
      reason: this.#reason,
      durationMs: Math.round(this.#contact.options.monotonic() - this.#started),
      ...this.#facts,
      associations: [...this.#associations.values()].sort((a, b) => a.clientSap - b.clientSap),
      objects: this.#objects,
      errors: this.#contact.errors,
      evidence: this.#contact.evidence.records,
    };
  }

  #end(outcome: Outcome, reason: string): void {
    this.#outcome = outcome;
    this.#reason = reason;
  }

  #judge(): void {
    const associations = [...this.#associations.values()];
    const open = associations.filter((item) => item.established);
    const how = this.#framing === undefined ? '' : describeFraming(this.#framing);
    if (this.#objects.length > 0 || this.#facts.logicalDeviceName !== undefined) {
      const asking = associations
        .filter((item) => !item.established)
        .map((item) => `client ${item.clientSap} asks for ${item.mechanism}`);
      const clients = open.map((item) => item.clientSap).join(', ');
      this.#end(
        'identified',
        [`${how}, client ${clients} reads ${this.#objects.length} objects without authentication`, ...asking].join(
          '; ',
        ),
      );
    } else if (open.length > 0) {
      this.#end(
        'associated',
        `${how}, associated as client ${open.map((item) => item.clientSap).join(', ')}, but nothing could be read`,
      );
    } else if (associations.length > 0) {
      const asking = associations.map((item) => `client ${item.clientSap} asks for ${item.mechanism}`);
      this.#end('speaks-dlms', `${how}; ${asking.join('; ')}; read it with the secret of one of them`);
    } else {
      this.#end(
        'speaks-dlms',
        `${how}, but no association: ${this.#said.join('; ') || 'no client SAP in use elsewhere is known to it'}`,
      );
    }
  }
}

function describeFraming(framing: Framing): string {
  return framing.kind === 'wrapper'
    ? `answers over the wrapper, server ${serverOf(framing)}`
    : `answers HDLC at ${describeHdlcCandidate(framing.candidate)}`;
}
