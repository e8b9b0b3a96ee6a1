import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { parseIdentification } from '../../../engine/codec/iec62056-21/identification.ts';
import { addEvenParity } from '../../../engine/codec/iec62056-21/parity.ts';
import { HdlcClientLink } from '../../../engine/link/hdlc-client-link.ts';
import { HdlcServerLink } from '../../../engine/link/hdlc-server-link.ts';
import { ModeEClientLink } from '../../../engine/link/mode-e-client-link.ts';
import { ModeEOpening, type ModeEOptions, timeOnLine } from '../../../engine/link/mode-e-opening.ts';
import { ModeEServerLink, type ModeEServerOptions } from '../../../engine/link/mode-e-server-link.ts';
import type { LinkEvent, ServerLink } from '../../../engine/link/types.ts';
import { SerialLine, type SerialLineOptions } from './serial-line.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const plain = (octets: Uint8Array): string => Buffer.from(octets.map((octet) => octet & 0x7f)).toString('latin1');

function identificationOf(text: string) {
  const identification = parseIdentification(text);
  assert.ok(identification);
  return identification;
}

interface SceneOptions {
  readonly meter?: Partial<Omit<ModeEServerOptions, 'identification' | 'hdlc'>> & { readonly identification?: string };
  readonly client?: ModeEOptions;
  readonly line?: SerialLineOptions;
  readonly server?: (hdlc: ServerLink) => ServerLink;
}

/** A meter behind mode E and its client on one serial line. The meter answers each APDU with the same octets. */
function scene({ meter = {}, client = {}, line = {}, server }: SceneOptions = {}) {
  const hdlc = new HdlcServerLink({ accepts: () => 'accept', inactivityTimeout: 20_000 });
  const { identification = '/APA5\\2NORAX30', ...rest } = meter;
  const behind = new ModeEServerLink({ hdlc, identification: identificationOf(identification), ...rest });
  const speeds: number[] = [];
  const link = new ModeEClientLink({
    ...client,
    peer: { client: 16, server: 1 },
    hdlc: (speed) => {
      speeds.push(speed);
      return new HdlcClientLink({ client: 16, server: { upper: 1 }, octetTime: timeOnLine(1, speed) });
    },
  });
  const serial = new SerialLine(link, server?.(behind) ?? behind, line);
  return { serial, link, speeds };
}

describe('IEC 62056-21 mode E opening', () => {
  it('ends in HDLC at the speed the meter offers, and begins anew after DISC', () => {
    const { serial, link, speeds } = scene();
    serial.act((client, now) => client.open(now));
    assert.equal(link.state, 'opening');
    assert.ok(serial.runUntil(() => link.state === 'open'));
    assert.deepEqual(serial.outline('client'), [
      'speed 300',
      'identified /APA5\\2NORAX30 9600',
      'speed 9600',
      'opened',
    ]);
    assert.deepEqual(serial.outline('server'), ['speed 9600', 'opened']);
    assert.deepEqual(speeds, [9600]);
    assert.equal(link.identification?.flag, 'APA');

    serial.act((client, now) => client.send(fromHex('c0 01'), now));
    assert.ok(serial.runUntil(() => serial.outline('server').includes('apdu')));
    serial.actServer((server, now) => server.send(fromHex('c4 01'), { client: 16, server: 1 }, now));
    assert.ok(serial.runUntil(() => serial.outline('client').includes('apdu')));

    serial.act((client, now) => client.close(now));
    assert.ok(serial.runUntil(() => link.state === 'closed'));
    assert.deepEqual(serial.outline('server').slice(-2), ['closed disconnected', 'speed 300']);

    serial.act((client, now) => client.open(now));
    assert.ok(serial.runUntil(() => link.state === 'open'));
    assert.deepEqual(speeds, [9600, 9600]);
  });

  it('sends the octets of wire.md 2, with even parity', () => {
    const { serial, link } = scene();
    serial.act((client, now) => client.open(now));
    serial.runUntil(() => link.state === 'open');
    const to = (side: 'client' | 'server', speed: number): string =>
      plain(
        Uint8Array.from(
          serial.octets.filter((octet) => octet.to === side && octet.speed === speed).map((o) => o.value),
        ),
      );
    assert.equal(to('server', 300), '/?!\r\n\x06252\r\n');
    assert.equal(to('client', 300), '/APA5\\2NORAX30\r\n');
    assert.ok(to('client', 9600).startsWith('\x06252\r\n'));
    const [first] = serial.octets;
    assert.equal(first?.value, addEvenParity(ascii('/'))[0]);
  });

  it('keeps the reaction times: 200 ms, or 20 ms after a lower-case third letter', () => {
    const took = (identification: string): number => {
      const { serial, link } = scene({ meter: { identification } });
      serial.act((client, now) => client.open(now));
      serial.runUntil(() => link.state === 'open');
      return serial.now;
    };
    const difference = took('/ISK5\\2MT') - took('/ISk5\\2MT');
    // Twice the meter's, twice the client's.
    assert.ok(Math.abs(difference - 4 * 180) < 1, `${difference} ms`);
  });

  it('chooses no higher speed than told', () => {
    const { serial, link, speeds } = scene({ client: { maxSpeed: 2400 } });
    serial.act((client, now) => client.open(now));
    assert.ok(serial.runUntil(() => link.state === 'open'));
    assert.deepEqual(speeds, [2400]);
    assert.equal(serial.outline('server')[0], 'speed 2400');
  });

  for (const [name, options] of [
    ['without parity in software', { client: { softwareParity: false }, meter: { softwareParity: false } }],
    ['with parity the line has taken off (7E1)', { line: { carry: takeOffParity() } }],
    ['behind the echo of an optical head (Q01)', { line: { echo: true } }],
    ['at 300 bit/s to the end', { meter: { identification: '/XXX0\\2' } }],
    ['with a device address (Q05)', { client: { address: '0004711' }, meter: { address: '4711' } }],
    ['after a wake-up', { client: { wakeUp: true } }],
  ] as const satisfies readonly (readonly [string, SceneOptions])[]) {
    it(`works ${name}`, () => {
      const { serial, link } = scene(options);
      serial.act((client, now) => client.open(now));
      assert.ok(
        serial.runUntil(() => link.state === 'open'),
        serial.outline('client').join(', '),
      );
      assert.deepEqual(
        serial.outline('client').filter((event) => event.startsWith('error')),
        [],
      );
      serial.act((client, now) => client.send(fromHex('c0 01'), now));
      assert.ok(serial.runUntil(() => serial.outline('server').includes('apdu')));
    });
  }

  it('sends NULs for 2.1 to 2.3 s, and the request 1.5 to 1.7 s after them', () => {
    const opening = new ModeEOpening({ wakeUp: true });
    const [, nuls] = opening.start(0);
    assert.equal(nuls?.type, 'send');
    const count = nuls?.type === 'send' ? nuls.octets.length : 0;
    const lasts = timeOnLine(count, 300);
    assert.ok(lasts >= 2100 && lasts <= 2300, `${lasts} ms`);
    const pause = (opening.nextDeadline() ?? 0) - lasts;
    assert.ok(pause >= 1500 && pause <= 1700, `${pause} ms`);
    const [request] = opening.tick(lasts + pause);
    assert.equal(request?.type === 'send' && plain(request.octets), '/?!\r\n');
  });
});

function takeOffParity(): NonNullable<SerialLineOptions['carry']> {
  // Request, identification, option select and confirmation have so many octets together; HDLC needs all eight bits.
  let left = 5 + 16 + 6 + 6;
  return (value) => {
    left -= 1;
    return left >= 0 ? value & 0x7f : value;
  };
}

describe('IEC 62056-21 mode E opening: what goes wrong', () => {
  it('asks three times, then says that nobody is there', () => {
    const { serial, link } = scene({ line: { carry: () => undefined } });
    serial.act((client, now) => client.open(now));
    serial.runUntil(() => link.state === 'closed');
    assert.equal(serial.events.filter(({ side, event }) => side === 'client' && event.type === 'send').length, 3);
    assert.deepEqual(serial.outline('client'), ['speed 300', 'closed no-answer no-identification']);
  });

  it('says so when only its echo comes back', () => {
    const { serial, link } = scene({
      line: { echo: true, carry: (value, to) => (to === 'client' ? value : undefined) },
    });
    serial.act((client, now) => client.open(now));
    serial.runUntil(() => link.state === 'closed');
    const closed = serial.events.map(({ event }) => event).find(({ type }) => type === 'closed');
    assert.match(closed?.type === 'closed' ? (closed.error?.message ?? '') : '', /only their echo/);
  });

  it('a meter with another device address stays silent', () => {
    const { serial, link } = scene({ client: { address: '815' }, meter: { address: '4711' } });
    serial.act((client, now) => client.open(now));
    serial.runUntil(() => link.state === 'closed');
    assert.deepEqual(serial.outline('client').slice(-1), ['closed no-answer no-identification']);
  });

  it('a meter without mode E is told from one that is silent', () => {
    const opening = new ModeEOpening();
    opening.start(0);
    const [failed] = opening.receive(ascii('/ABBEident\r\n'), 100);
    assert.equal(failed?.type, 'failed');
    assert.equal(failed?.type === 'failed' && failed.reason, 'protocol');
    assert.equal(opening.running, false);
  });

  it('a meter that does not announce HDLC is asked for it all the same, with a remark', () => {
    const { serial, link } = scene({ meter: { identification: '/LGZ5ZMD' } });
    serial.act((client, now) => client.open(now));
    assert.ok(serial.runUntil(() => link.state === 'open'));
    assert.deepEqual(
      serial.outline('client').filter((event) => event.startsWith('error')),
      ['error unexpected-frame'],
    );
  });

  it('a meter that goes on in mode C is refused', () => {
    const opening = new ModeEOpening();
    opening.start(0);
    opening.receive(ascii('/ABC5\\2x\r\n'), 100);
    opening.tick(opening.nextDeadline() ?? 0);
    const events = opening.receive(ascii('\x06050\r\n'), 1000);
    const [failed] = events;
    assert.equal(failed?.type === 'failed' && failed.reason, 'protocol');
  });

  it('a meter that does not confirm is called all the same', () => {
    const events: LinkEvent[] = [];
    const { serial, link } = scene({
      server: (hdlc) => new WithoutConfirmation(hdlc, events),
    });
    serial.act((client, now) => client.open(now));
    assert.ok(
      serial.runUntil(() => link.state === 'open'),
      serial.outline('client').join(', '),
    );
    assert.deepEqual(
      serial.outline('client').filter((event) => event.startsWith('error')),
      ['error no-answer'],
    );
  });

  it('is over when it is closed in the middle', () => {
    const { serial, link } = scene();
    serial.act((client, now) => client.open(now));
    serial.runUntil(() => serial.outline('client').some((event) => event.startsWith('identified')));
    serial.act((client, now) => client.close(now));
    assert.equal(link.state, 'closed');
    assert.deepEqual(serial.outline('client').slice(-1), ['closed disconnected']);
    assert.equal(link.nextDeadline(), undefined);
    assert.deepEqual(
      link.send(fromHex('c0'), 0).map(({ type }) => type),
      ['error'],
    );
  });

  it('noise is passed over in every phase', () => {
    const opening = new ModeEOpening();
    opening.start(0);
    assert.deepEqual(opening.receive(fromHex('ff 00 13 37 0d 0a 00'), 10), []);
    assert.deepEqual(
      opening.receive(ascii('/AB\r\n'), 20).map(({ type }) => type),
      ['error'],
    );
    assert.deepEqual(
      opening.receive(ascii('/ABC5\\2x\r\n'), 30).map(({ type }) => type),
      ['identified'],
    );
  });

  it('octets that come right behind the confirmation are the beginning of HDLC', () => {
    const opening = new ModeEOpening();
    opening.start(0);
    opening.receive(ascii('/ABc5\\2x\r\n'), 100);
    opening.tick(opening.nextDeadline() ?? 0);
    opening.receive(ascii('\x06252\r\n\x7e\xa0'), 1000);
    opening.receive(fromHex('07'), 1010);
    const [done] = opening.tick(opening.nextDeadline() ?? 0);
    assert.equal(done?.type === 'done' && toHex(done.rest), '7ea007');
  });
});

/** A meter that changes over to HDLC without a word. */
class WithoutConfirmation implements ServerLink {
  readonly #link: ServerLink;
  readonly #dropped: LinkEvent[];

  constructor(link: ServerLink, dropped: LinkEvent[]) {
    this.#link = link;
    this.#dropped = dropped;
  }

  receive(octets: Uint8Array, now: number): LinkEvent[] {
    return this.#link.receive(octets, now);
  }

  tick(now: number): LinkEvent[] {
    return this.#link.tick(now).filter((event) => {
      const confirmation = event.type === 'send' && (event.octets[0] ?? 0) % 0x80 === 0x06;
      if (confirmation) this.#dropped.push(event);
      return !confirmation;
    });
  }

  nextDeadline(): number | undefined {
    return this.#link.nextDeadline();
  }

  noAnswer(...args: Parameters<ServerLink['noAnswer']>): LinkEvent[] {
    return this.#link.noAnswer(...args);
  }

  send(...args: Parameters<ServerLink['send']>): LinkEvent[] {
    return this.#link.send(...args);
  }

  push(...args: Parameters<ServerLink['push']>): LinkEvent[] {
    return this.#link.push(...args);
  }

  close(now: number): LinkEvent[] {
    return this.#link.close(now);
  }
}

describe('IEC 62056-21 mode E: the meter', () => {
  const snrm = fromHex('7e a0 07 03 21 93 0f 01 7e');

  function meter(options: Partial<ModeEServerOptions> = {}): ModeEServerLink {
    const hdlc = new HdlcServerLink({ accepts: () => 'accept', inactivityTimeout: 20_000 });
    return new ModeEServerLink({ hdlc, identification: identificationOf('/APA5\\2NORAX30'), ...options });
  }

  it('is deaf to HDLC before the opening (Q02)', () => {
    const link = meter();
    assert.deepEqual(link.receive(snrm, 0), []);
    assert.equal(link.nextDeadline(), undefined);
  });

  it('begins anew at 300 bit/s when no SNRM follows, and forgets a request nobody goes on from', () => {
    const link = meter({ idleTimeout: 5000 });
    link.receive(ascii('/?!\r\n'), 0);
    link.tick(200);
    assert.deepEqual(link.tick(5000), []);
    assert.deepEqual(
      link.receive(ascii('\x06252\r\n'), 5100).map(({ type }) => type),
      ['error'],
    );
    link.receive(ascii('/?!\r\n\x06252\r\n'), 6000);
    assert.deepEqual(
      link.tick(6200).map(({ type }) => type),
      ['speed', 'send'],
    );
    assert.deepEqual(link.tick(11_000), [{ type: 'speed', speed: 300 }]);
  });

  it('begins anew at 300 bit/s after the inactivity timeout of the connection', () => {
    const link = meter();
    link.receive(ascii('/?!\r\n\x06252\r\n'), 0);
    link.tick(200);
    assert.deepEqual(
      link.receive(snrm, 300).map(({ type }) => type),
      ['send', 'opened'],
    );
    assert.deepEqual(
      link.tick(20_300).map((event) => (event.type === 'speed' ? event.speed : event.type)),
      ['closed', 300],
    );
  });

  it('a repeated SNRM is no end', () => {
    const link = meter();
    link.receive(ascii('/?!\r\n\x06252\r\n'), 0);
    link.tick(200);
    link.receive(snrm, 300);
    assert.deepEqual(
      link.receive(snrm, 400).map(({ type }) => type),
      ['closed', 'send', 'opened'],
    );
  });

  for (const option of ['050', '051', '262', '292']) {
    it(`does not serve option ${option}`, () => {
      const link = meter();
      link.receive(ascii('/?!\r\n'), 0);
      link.tick(200);
      const [refused] = link.receive(ascii(`\x06${option}\r\n`), 300);
      assert.equal(refused?.type === 'error' && refused.error.code, 'refused');
      assert.deepEqual(link.receive(snrm, 400), []);
    });
  }

  it('sends nothing while it is in the opening', () => {
    const link = meter();
    const peer = { client: 16, server: 1 };
    assert.equal(link.send(fromHex('c4'), peer, 0)[0]?.type, 'error');
    assert.equal(link.push(fromHex('0f'), peer, 0)[0]?.type, 'error');
  });
});
