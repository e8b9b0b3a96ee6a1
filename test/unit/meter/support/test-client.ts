import assert from 'node:assert/strict';
import type { Aare, Aarq, ApplicationContext, Mechanism } from '../../../../engine/codec/acse/types.ts';
import type { Apdu } from '../../../../engine/codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../../../../engine/codec/apdu-codec.ts';
import { fromHex, toHex } from '../../../../engine/codec/hex.ts';
import { type HlsMechanism, hlsReply } from '../../../../engine/codec/security/hls.ts';
import { protect } from '../../../../engine/codec/security/protect.ts';
import type { KeyRing, ProtectedApdu } from '../../../../engine/codec/security/types.ts';
import { unprotect } from '../../../../engine/codec/security/unprotect.ts';
import { invokeIdAndPriority } from '../../../../engine/codec/xdlms/invoke.ts';
import type { InitiateRequest } from '../../../../engine/codec/xdlms/types.ts';
import { ServerAssociation } from '../../../../engine/meter/association/server-association.ts';
import type { VirtualMeter } from '../../../../engine/meter/meter.ts';

export const CLIENT_TITLE = fromHex('4d4d4d0000bc614e');
export const INVOKE = invokeIdAndPriority(1);
/** Simulated time of all tests unless they say otherwise. */
export const NOW = Date.UTC(2026, 10, 23, 12, 0, 30);

export const ALL_LN = [
  'general-protection',
  'attribute0-supported-with-get',
  'block-transfer-with-get-or-read',
  'block-transfer-with-set-or-write',
  'block-transfer-with-action',
  'multiple-references',
  'get',
  'set',
  'selective-access',
  'action',
];
export const ALL_SN = [
  'read',
  'write',
  'unconfirmed-write',
  'block-transfer-with-get-or-read',
  'block-transfer-with-set-or-write',
  'multiple-references',
  'parameterized-access',
];

export interface OpenOptions {
  readonly context?: ApplicationContext;
  readonly mechanism?: Mechanism;
  readonly authValue?: Uint8Array;
  readonly initiate?: Partial<InitiateRequest>;
  /** Protects the initiateRequest. */
  readonly protected?: boolean;
  readonly title?: Uint8Array;
  readonly aarq?: Partial<Aarq>;
}

/** A client that talks APDUs to one meter, without a link between them. */
export class TestClient {
  readonly server: ServerAssociation;
  readonly meter: VirtualMeter;
  keys: KeyRing = {};
  suite: 0 | 1 | 2 = 0;
  form: 'glo' | 'ded' | 'general-glo' | 'general-ded' = 'glo';
  authenticated = true;
  encrypted = true;
  counter = 1;
  now = NOW;
  /** Answer as it came, for tests of octets. */
  last: Uint8Array | undefined;

  constructor(meter: VirtualMeter, clientSap: number, serverSap = 1, firstChallengeOctet = 0x40) {
    this.meter = meter;
    this.server = new ServerAssociation({
      meter,
      clientSap,
      serverSap,
      candidates: meter.blueprint.associationsOf(clientSap, serverSap),
      random: (length) => Uint8Array.from({ length }, (_, index) => firstChallengeOctet + index),
    });
  }

  /** Sends octets and yields the answer's. */
  raw(octets: Uint8Array | string): Uint8Array | undefined {
    this.last = this.server.receive(typeof octets === 'string' ? fromHex(octets) : octets, this.now);
    return this.last;
  }

  /** Sends octets and yields the answer in hex; undefined for silence. */
  hex(octets: Uint8Array | string): string | undefined {
    const answer = this.raw(octets);
    return answer === undefined ? undefined : toHex(answer);
  }

  /** Sends an APDU without protection. */
  plain(apdu: Apdu): Apdu {
    return decoded(this.raw(encodeApdu(apdu)));
  }

  protect(apdu: Apdu): Uint8Array {
    this.counter += 1;
    return protect(encodeApdu(apdu), {
      service: this.form,
      suite: this.suite,
      authenticated: this.authenticated,
      encrypted: this.encrypted,
      systemTitle: CLIENT_TITLE,
      keys: this.keys,
      invocationCounter: this.counter,
    });
  }

  reveal(apdu: ProtectedApdu): Apdu {
    const opened = unprotect(apdu, { ...this.keys, systemTitle: this.meter.systemTitle });
    assert.ok(opened.ok, 'the answer cannot be deciphered');
    return decoded(opened.plain);
  }

  /** Sends an APDU protected and deciphers the answer. */
  secret(apdu: Apdu): Apdu {
    const answer = decoded(this.raw(this.protect(apdu)));
    return 'security' in answer ? this.reveal(answer) : answer;
  }

  open(options: OpenOptions = {}): Aare {
    const { context = 'ln', mechanism, authValue } = options;
    const initiate: InitiateRequest = {
      kind: 'initiate-request',
      dedicatedKey: null,
      responseAllowed: true,
      proposedQoS: null,
      dlmsVersion: 6,
      conformance: context.startsWith('sn') ? ALL_SN : ALL_LN,
      maxPdu: 0xffff,
      ...options.initiate,
    };
    const information = options.protected === true ? decoded(this.protect(initiate)) : initiate;
    assert.ok(information.kind === 'initiate-request' || 'security' in information);
    const answer = this.plain({
      kind: 'aarq',
      applicationContext: context,
      ...(mechanism === undefined ? {} : { acseRequirements: Uint8Array.of(0x07, 0x80), mechanism }),
      ...(authValue === undefined ? {} : { authValue: { form: 'charstring', octets: authValue } }),
      ...(options.title === undefined ? {} : { callingApTitle: options.title }),
      userInformation: information,
      ...options.aarq,
    });
    assert.ok(answer.kind === 'aare');
    return answer;
  }

  /** f(StoC) of pass 3. */
  hlsReply(mechanism: HlsMechanism, aare: Aare, own: Uint8Array, secret?: Uint8Array): Uint8Array {
    assert.ok(aare.authValue !== undefined);
    this.counter += 1;
    return hlsReply(mechanism, {
      challenge: aare.authValue.octets,
      ownChallenge: own,
      systemTitle: CLIENT_TITLE,
      peerSystemTitle: this.meter.systemTitle,
      suite: this.suite,
      invocationCounter: this.counter,
      ...(this.keys.guek === undefined ? {} : { guek: this.keys.guek }),
      ...(this.keys.gak === undefined ? {} : { gak: this.keys.gak }),
      ...(secret === undefined ? {} : { secret }),
    });
  }
}

export function decoded(octets: Uint8Array | undefined): Apdu {
  assert.ok(octets !== undefined, 'there was no answer');
  const result = decodeApdu(octets);
  assert.ok(result.ok, `the answer ${toHex(octets)} cannot be decoded`);
  assert.deepEqual(result.deviations, []);
  return result.value;
}

export function get(obis: string, classId = 1, index = 2): Apdu {
  return {
    kind: 'get-request',
    type: 'normal',
    invoke: INVOKE,
    attr: { class: classId, obis, index },
    selective: null,
  };
}

/** `read-write-denied`, or the data of a GET in one piece. */
export function result(apdu: Apdu): unknown {
  if (apdu.kind === 'get-response' && apdu.type === 'normal') return 'data' in apdu ? apdu.data : apdu.result;
  if (apdu.kind === 'set-response' && apdu.type === 'normal') return apdu.result;
  if (apdu.kind === 'action-response' && apdu.type === 'normal') return apdu.result;
  return apdu;
}
