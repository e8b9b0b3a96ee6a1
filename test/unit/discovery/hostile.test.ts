import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { encodeWrapper } from '../../../engine/codec/wrapper/wrapper.ts';
import { EvidenceLog } from '../../../engine/discovery/evidence-log.ts';
import { Patience } from '../../../engine/discovery/patience.ts';
import { MAX_LINE_OCTETS, OctetBudget, ProbeLine } from '../../../engine/discovery/probe-line.ts';
import { scan } from '../../../engine/discovery/scan.ts';
import type { MeterFinding, Outcome } from '../../../engine/discovery/types.ts';
import { type Answer, accept, fakeMeter, listen } from '../session/fake-meter.ts';

/** A server that does what `behave` says with every connection. */
async function serve(behave: (socket: Socket) => void): Promise<{ readonly port: number; stop(): void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    behave(socket);
  });
  const port = await listen(server);
  return {
    port,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function look(port: number, timeoutMs = 300): Promise<MeterFinding> {
  const { findings } = await scan({
    targets: ['127.0.0.1'],
    exclude: [],
    ports: [port],
    rate: 0,
    timeoutMs,
    concurrency: 4,
    allowPublic: false,
  });
  assert.equal(findings.length, 1);
  return findings[0]!;
}

const AARE_HEADER = Buffer.from('000100010010002b', 'hex');

describe('targets that are no meters, or broken ones', () => {
  const cases: readonly (readonly [string, (socket: Socket) => void, Outcome, RegExp])[] = [
    [
      'an HTTP server',
      (s) => s.on('data', () => s.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')),
      'not-dlms',
      /HTTP server/,
    ],
    [
      'an HTTP server that answers after the second request',
      (s) => {
        s.on('data', (octets) => (octets[0] === 0x7e ? s.end('HTTP/1.0 400 Bad Request\r\n\r\n') : undefined));
      },
      'not-dlms',
      /HTTP server/,
    ],
    ['an SSH banner', (s) => s.write('SSH-2.0-OpenSSH_9.6\r\n'), 'not-dlms', /SSH server/],
    ['a text service', (s) => s.write('220 mail ready\r\n'), 'not-dlms', /text service/],
    ['a mode E identification', (s) => s.on('data', () => s.write('/XYZ5\\2METER\r\n')), 'not-dlms', /IEC 62056-21/],
    [
      'an endless banner',
      (s) => {
        const more = (): void => {
          while (!s.destroyed && s.write(Buffer.alloc(65_536, 0x41)));
        };
        s.on('drain', more);
        more();
      },
      'not-dlms',
      /text service|without end|octets/,
    ],
    [
      'an endless stream of HDLC flags',
      (s) => {
        const more = (): void => {
          while (!s.destroyed && s.write(Buffer.alloc(65_536, 0x7e)));
        };
        s.on('drain', more);
        more();
      },
      'not-dlms',
      /./,
    ],
    ['silence', () => undefined, 'open', /no answer/],
    ['a reset at the first octet', (s) => s.on('data', () => s.resetAndDestroy()), 'open', /closed/],
    ['an end at once', (s) => s.end(), 'open', /closed|ended/],
    ['half a wrapper message', (s) => s.on('data', () => s.write(AARE_HEADER)), 'speaks-dlms', /not finish/],
    [
      'random octets',
      (s) => s.on('data', () => s.write(Buffer.from('f3a1b2c3d4e5f60718293a4b5c6d7e8f', 'hex'))),
      'not-dlms',
      /octets/,
    ],
    [
      'a broken AARE',
      (s) => s.on('data', () => s.write(Buffer.from('00010001001000056103a10906', 'hex'))),
      'speaks-dlms',
      /no association/,
    ],
    [
      'an AARE cut off by a reset',
      (s) =>
        s.on('data', () => {
          s.write(Buffer.concat([AARE_HEADER, Buffer.from('6129a109', 'hex')]));
          setTimeout(() => s.resetAndDestroy(), 20);
        }),
      'speaks-dlms',
      /./,
    ],
    [
      'one octet a time, for ever',
      (s) => {
        s.on('data', () => {
          const drip = setInterval(() => (s.destroyed ? clearInterval(drip) : s.write(Buffer.of(0x00))), 10);
        });
      },
      'not-dlms',
      /./,
    ],
  ];
  for (const [name, behave, outcome, reason] of cases) {
    it(`${name}: ${outcome}, in bounded time`, async () => {
      const server = await serve(behave);
      const started = performance.now();
      try {
        const finding = await look(server.port);
        assert.equal(finding.outcome, outcome, finding.reason);
        assert.match(finding.reason, reason);
        assert.ok(finding.evidence.length > 0);
        const kept = finding.evidence.reduce((sum, record) => sum + (record.hex?.length ?? 0) / 2, 0);
        assert.ok(kept <= 1024 * 1024, `${kept} octets of evidence`);
      } finally {
        server.stop();
      }
      assert.ok(performance.now() - started < 8000);
    });
  }

  it('pushes without end are no answers, and are not listened to for ever', async () => {
    const push = encodeWrapper({
      source: 1,
      destination: 16,
      apdu: encodeApdu({
        kind: 'data-notification',
        longInvokeId: 1,
        dateTime: new Uint8Array(),
        data: { t: 'octet-string', v: new Uint8Array(8000) },
      }),
    });
    let sent = 0;
    const server = await serve((s) => {
      const more = (): void => {
        while (!s.destroyed && s.write(push)) sent += push.length;
      };
      s.on('drain', more).resume();
      more();
    });
    const started = performance.now();
    try {
      const finding = await look(server.port);
      assert.notEqual(finding.outcome, 'identified');
      assert.ok(performance.now() - started < 8000);
      assert.ok(sent < 2 * MAX_LINE_OCTETS, `${sent} octets were taken`);
    } finally {
      server.stop();
    }
  });

  it('a connection ends when a target has sent more than any meter would', async () => {
    const server = await serve((s) => {
      const more = (): void => {
        while (!s.destroyed && s.write(Buffer.alloc(65_536)));
      };
      s.on('drain', more);
      more();
    });
    try {
      const line = await ProbeLine.open({
        address: '127.0.0.1',
        port: server.port,
        patience: new Patience(1000),
        evidence: new EvidenceLog(server.port, Date.now),
        signal: new AbortController().signal,
        monotonic: () => performance.now(),
        budget: new OctetBudget(),
      });
      assert.equal(await line.collect(() => false, 10_000), false);
      assert.equal(line.isOpen, false);
      assert.ok(line.received < MAX_LINE_OCTETS + 1024 * 1024);
    } finally {
      server.stop();
    }
  });

  it('a meter that turns the first connection away is asked again', async () => {
    let connections = 0;
    const meter = await fakeMeter((apdu, _client, socket): Answer => {
      if (apdu.kind === 'aarq' && connections++ === 0) {
        socket.destroy();
        return undefined;
      }
      if (apdu.kind === 'aarq') return accept(apdu);
      if (apdu.kind === 'rlrq') return { kind: 'rlre' };
      if (apdu.kind !== 'get-request') return undefined;
      return {
        kind: 'get-response',
        type: 'normal',
        invoke: apdu.invoke,
        data: { t: 'octet-string', v: new TextEncoder().encode('KAM1') },
      };
    });
    const finding = await look(meter.port);
    await meter.close();
    assert.equal(finding.framing?.value, 'wrapper', finding.reason);
    assert.equal(finding.logicalDeviceName?.value, 'KAM1');
    assert.ok(
      !finding.evidence.some((record) => record.step.startsWith('framing:hdlc')),
      'without looking for other framings',
    );
  });

  it('records malformed octets with their offset and goes on', async () => {
    const server = await serve((s) => s.on('data', () => s.write(Buffer.from('00010001001000056103a10906', 'hex'))));
    try {
      const finding = await look(server.port);
      assert.ok(
        finding.errors.some((error) => /octet \d+/.test(error)),
        finding.errors.join('; '),
      );
      assert.ok(finding.evidence.some((record) => record.kind === 'rx' && record.hex?.endsWith('6103a10906') === true));
    } finally {
      server.stop();
    }
  });

  it('says why a closed port is closed', async () => {
    const server = await serve(() => undefined);
    server.stop();
    const finding = await look(server.port);
    assert.equal(finding.outcome, 'closed');
    assert.match(finding.reason, /refuses/);
  });
});
