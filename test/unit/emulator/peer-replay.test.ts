import assert from 'node:assert/strict';
import { decodeApdu } from '../../../engine/codec/apdu-codec.ts';
import type { HdlcAddress } from '../../../engine/codec/hdlc/address.ts';
import { HdlcDeframer } from '../../../engine/codec/hdlc/deframer.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { Channel } from '../../../engine/session/channel.ts';
import type { Connection } from '../../../engine/session/connection.ts';
import { linkFor } from '../../../engine/session/links.ts';
import { openTransport } from '../../../engine/session/open-transport.ts';
import { Tracer } from '../../../engine/session/tracer.ts';
import { dialogueOf, peerSessionNames, sentApdus, sessionLines } from '../codec/peer-sessions-dialogue.ts';
import { serve } from './support/matrix-meter.ts';
import { compare } from './support/peer-compare.ts';
import { mirrorOf, peerSecrets } from './support/peer-mirror.ts';
import { PeerReplay } from './support/peer-replay.ts';
import { WrapperClient } from './support/wrapper-client.ts';

/** When the rows were captured that the recorded servers show. */
const NOW = Date.UTC(2026, 0, 2);
const TIMEOUT = 5000;

/** Framing and client SAP, from the first frame of a recording. */
function lineOf(name: string): { readonly framing: 'wrapper' | 'hdlc'; readonly client: number } {
  const first = fromHex(sessionLines(name, 'frames')[0]?.slice(3) ?? '');
  const [event] = first[0] === 0x7e ? new HdlcDeframer().push(first) : [];
  if (event?.type === 'frame') return { framing: 'hdlc', client: addressValue(event.frame.source) };
  return { framing: 'wrapper', client: Buffer.from(first).readUInt16BE(2) };
}

const MIRROR_OF_THE_REJECTING_SERVER = `meter mirror {
  identity { vendor: "Peer"   flag: "GRX"   model: "P"   firmware: "1"   serial: "{n:08}"   logical_device_name: "GRX{serial}"   referencing: LN }
  transport wrapper tcp { framing: wrapper   port: 4059 }
  association public { client: 16   authentication: none   context: LN, no-ciphering   conformance: get }
  association reader { client: 17   authentication: lls, password secret("peer/password")   context: LN, no-ciphering   conformance: get }
}
`;

function addressValue(address: HdlcAddress): number {
  return 'value' in address ? address.value : address.upper;
}

async function replay(name: string) {
  const suite = name.startsWith('s1-') ? 1 : name.startsWith('s2-') ? 2 : 0;
  const dialogue = dialogueOf(name);
  const { framing, client } = lineOf(name);
  const mirror = mirrorOf(dialogue, suite, client);
  const served = await serve(mirror.model, { secrets: peerSecrets(suite), now: NOW });
  try {
    for (const { object, attribute, data } of mirror.structured) {
      const target = served.meter.blueprint.byName(object);
      assert.ok(target !== undefined);
      served.meter.write(target.index, attribute, data);
    }
    const player = new PeerReplay(dialogue, suite);
    const connection: Connection = {
      host: '127.0.0.1',
      port: served.port(framing),
      framing,
      referencing: 'LN',
      client,
      server: 1,
      authentication: 'none',
      security: 'none',
      suite: 0,
      secrets: {},
    };
    const channel = new Channel({
      link: linkFor(connection, TIMEOUT),
      framing,
      timeoutMs: TIMEOUT,
      tracer: new Tracer(undefined, () => 0),
      monotonic: () => performance.now(),
      connect: (events) => openTransport(connection, { timeoutMs: TIMEOUT, events }),
    });
    try {
      await channel.open();
      await channel.run(player.run());
    } finally {
      await channel.close(TIMEOUT);
    }
    return compare(player.exchanges, mirror.objects);
  } finally {
    await served.emulator.stop();
  }
}

describe('recorded clients of others against a mirror of their server', () => {
  const names = peerSessionNames()?.filter((name) => !name.startsWith('reject-'));
  if (names === undefined)
    it('skipped: no recordings beside the repository', function () {
      this.skip();
    });
  const total = { sessions: 0, requests: 0, results: 0, values: 0 };
  for (const name of names ?? []) {
    it(name, async () => {
      const { requests, results, values, differences } = await replay(name);
      assert.deepEqual(differences, []);
      assert.ok(requests > 0 && values > 0);
      total.sessions += 1;
      total.requests += requests;
      total.results += results;
      total.values += values;
    });
  }
  const rejected = [
    ['reject-wrong-password', 'rejected-permanent authentication-failure'],
    // The recorded server finds fault with the context, which fits; ours with the mechanism, which does not.
    ['reject-auth-mismatch', 'rejected-permanent authentication-mechanism-name-not-recognised'],
    ['reject-unknown-client', undefined],
  ] as const;
  for (const [name, expected] of rejected) {
    it(name, async function () {
      if (names === undefined) this.skip();
      const served = await serve(MIRROR_OF_THE_REJECTING_SERVER, { secrets: peerSecrets(0), now: NOW });
      const client = await WrapperClient.open('127.0.0.1', served.port('wrapper'));
      try {
        const [aarq] = sentApdus(name);
        client.send(toHex(aarq?.octets ?? new Uint8Array()), lineOf(name).client);
        const answer = await client.receive(expected === undefined ? 100 : TIMEOUT);
        const decoded = answer === undefined ? undefined : decodeApdu(fromHex(answer));
        const apdu = decoded?.ok === true ? decoded.value : undefined;
        assert.equal(apdu?.kind === 'aare' ? `${apdu.result} ${apdu.diagnostic.value}` : undefined, expected);
      } finally {
        client.close();
        await served.emulator.stop();
      }
    });
  }
  after(() => {
    const { sessions, requests, results, values } = total;
    if (sessions > 0)
      console.log(
        `      ${sessions} sessions, ${requests} requests, ${results} results, ${values} of them with the same value`,
      );
  });
});
