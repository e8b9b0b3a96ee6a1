import assert from 'node:assert/strict';
import { utf8FromText } from '../../../engine/codec/axdr/text.ts';
import {
  type HlsMechanism,
  type HlsReplyInput,
  hlsReplyCounter,
  verifyHlsReply,
} from '../../../engine/codec/security/hls.ts';
import { dialogueOf, peerSessionNames, sessionKeys } from './peer-sessions-dialogue.ts';

/** Sessions with HLS by a mechanism of this room; s1-ln-wrapper-ecdsa-plain needs signatures. */
const SESSIONS: Readonly<Record<string, HlsMechanism>> = {
  's0-ln-wrapper-md5': 'hls-md5',
  's0-ln-wrapper-sha256': 'hls-sha256',
  's0-ln-wrapper-gmac-plain': 'hls-gmac',
  's0-ln-wrapper-gmac-authenc-glo': 'hls-gmac',
  's1-ln-wrapper-gmac-authenc': 'hls-gmac',
  's2-ln-wrapper-gmac-authenc': 'hls-gmac',
};

describe('HLS between independent peers', () => {
  const names = peerSessionNames();
  for (const [name, mechanism] of Object.entries(SESSIONS)) {
    it(`${name}: both replies verify, and neither stands for the other`, function () {
      if (names === undefined || !names.includes(name)) this.skip();
      const { client, server, clientInput, serverInput } = handshakeOf(name, mechanism);
      assert.ok(verifyHlsReply(mechanism, client, clientInput));
      assert.ok(verifyHlsReply(mechanism, server, serverInput));
      assert.equal(verifyHlsReply(mechanism, client, serverInput), false);
      assert.equal(verifyHlsReply(mechanism, server, clientInput), false);
      assert.equal(hlsReplyCounter(client) !== undefined, mechanism === 'hls-gmac');
    });
  }
});

/** Replies of passes 3 and 4 and what they are computed from. */
function handshakeOf(name: string, mechanism: HlsMechanism) {
  let ctos: Uint8Array | undefined;
  let stoc: Uint8Array | undefined;
  let client: Uint8Array | undefined;
  let server: Uint8Array | undefined;
  for (const { apdu } of dialogueOf(name).apdus) {
    if (apdu.kind === 'aarq') {
      assert.equal(apdu.mechanism, mechanism);
      ctos = apdu.authValue?.octets;
    } else if (apdu.kind === 'aare') {
      assert.equal(apdu.diagnostic.value, 'authentication-required');
      stoc = apdu.authValue?.octets;
    } else if (apdu.kind === 'action-request' && apdu.type === 'normal' && client === undefined) {
      assert.deepEqual(apdu.method, { class: 15, obis: '0-0:40.0.0.255', index: 1 });
      if (apdu.params?.t === 'octet-string') client = apdu.params.v;
    } else if (apdu.kind === 'action-response' && apdu.type === 'normal' && server === undefined) {
      if (apdu.return !== undefined && 'data' in apdu.return && apdu.return.data.t === 'octet-string') {
        server = apdu.return.data.v;
      }
    }
  }
  assert.ok(ctos !== undefined && stoc !== undefined && client !== undefined && server !== undefined);
  const is256 = name.startsWith('s2-');
  const clientKeys = sessionKeys('TX', is256);
  const serverKeys = sessionKeys('RX', is256);
  const secret = utf8FromText('Gurux');
  const clientInput: HlsReplyInput = {
    ...clientKeys,
    challenge: stoc,
    ownChallenge: ctos,
    secret,
    peerSystemTitle: serverKeys.systemTitle,
  };
  const serverInput: HlsReplyInput = {
    ...serverKeys,
    challenge: ctos,
    ownChallenge: stoc,
    secret,
    peerSystemTitle: clientKeys.systemTitle,
  };
  return { client, server, clientInput, serverInput };
}
