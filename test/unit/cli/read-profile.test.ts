import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { runCli } from '../../../engine/cli/program.ts';
import { WrapperServerLink } from '../../../engine/link/wrapper-server-link.ts';
import { createMeter } from '../../../engine/meter/meter.ts';
import { MeterSession } from '../../../engine/meter/session.ts';
import { LN_CONFORMANCE } from '../../../engine/session/params.ts';
import { NOW } from '../meter/support/test-client.ts';
import { closeServer, listen } from '../session/fake-meter.ts';
import { ATTRIBUTE, loopModel, PROFILE } from '../session/loop-models.ts';
import { memoryIo } from './memory-io.ts';

describe('dlms read, write and execute', () => {
  let server: Server;
  let port: number;

  before(async () => {
    const meter = createMeter(loopModel({ conformance: [...LN_CONFORMANCE, 'general-block-transfer', 'access'] }), {
      startedAt: NOW,
    });
    server = createServer((socket) => {
      const session = new MeterSession({
        link: new WrapperServerLink({ accepts: () => true }),
        device: { find: () => ({ meter, serverSap: 1 }) },
        random: (length) => new Uint8Array(length).fill(7),
        figures: { requests: 0, errors: 0 },
        clock: () => NOW,
      });
      socket.on('error', () => undefined);
      socket.on('data', (octets) => {
        for (const output of session.receive(octets, 0)) if (output.type === 'send') socket.write(output.octets);
      });
    });
    port = await listen(server);
  });
  after(() => closeServer(server));

  async function run(command: string, ...args: string[]) {
    const io = memoryIo();
    const code = await runCli([command, `127.0.0.1:${port}`, ...args, '--client', '1'], io);
    return { code, out: io.stdout, err: io.stderr };
  }
  const read = (...args: string[]) => run('read', ...args);

  it('by time, as a table with units', async () => {
    const { code, out, err } = await read(PROFILE, '--from', '2026-11-22', '--to', '2026-11-22T01:00');
    assert.equal(code, 0, err);
    const lines = out.trim().split('\n');
    assert.match(lines[0] ?? '', /^1-0:99\.1\.0\.255 .*5 rows$/);
    assert.match(lines[1] ?? '', /^time +1-0:1\.8\.0\.255 \[Wh\] +1-0:1\.7\.0\.255 \[W\]$/);
    assert.match(lines[3] ?? '', /^2026-11-22T00:00:00\+01:00 +\d+ +\d+$/);
    assert.match(lines.at(-1) ?? '', /^2026-11-22T01:00:00/);
  });

  it('a time with an offset is a moment, without one the meter is asked in its own time', async () => {
    const local = await read(PROFILE, '--from', '2026-11-22T02:00', '--to', '2026-11-22T02:00');
    const utc = await read(PROFILE, '--from', '2026-11-22T01:00Z', '--to', '2026-11-22T03:00+02:00');
    assert.match(local.out, /1 row\n/);
    assert.equal(utc.out, local.out);
  });

  it('by entry, chosen columns, as JSON', async () => {
    const { code, out } = await read(PROFILE, '--entries', '2-4', '--columns', '1-0:1.7.0.255', '--json');
    assert.equal(code, 0);
    const { profiles } = JSON.parse(out);
    assert.equal(profiles[0].rows.length, 3);
    assert.deepEqual(
      profiles[0].columns.map((column: { obis: string; unit: string }) => [column.obis, column.unit]),
      [['1-0:1.7.0.255', 'W']],
    );
    assert.equal(typeof profiles[0].rows[0][0].value, 'number');
  });

  it('proposes more conformance bits and reads the same', async () => {
    const plain = await read(PROFILE, '--entries', '1-150');
    const blocks = await read(PROFILE, '--entries', '1-150', '--propose', 'general-block-transfer,access');
    assert.equal(blocks.code, 0, blocks.err);
    assert.equal(blocks.out, plain.out);
  });

  it('piece by piece', async () => {
    const whole = await read(PROFILE, '--from', '2026-11-21', '--to', '2026-11-23');
    const pieces = await read(PROFILE, '--from', '2026-11-21', '--to', '2026-11-23', '--chunk', 'day');
    assert.equal(pieces.out, whole.out);
  });

  it('what is no profile is told with the result', async () => {
    const { code, err } = await read(ATTRIBUTE.short.obis, '--entries', '1-2');
    assert.equal(code, 1);
    assert.match(err, /object-class-inconsistent/);
  });

  for (const [args, message] of [
    [['--from', '2026-11-01'], /OBIS code of a profile/],
    [[PROFILE, '--from', 'yesterday'], /expected a date/],
    [[PROFILE, '--from', '2026-02-30'], /expected a date/],
    [[PROFILE, '--from', '2026-02-03T25:00'], /expected a date/],
    [[PROFILE, '--entries', '0-3'], /positions from 1/],
    [[PROFILE, '--entries', '5-3'], /positions from 1/],
    [[PROFILE, '--entries', '1', '--from', '2026-11-01'], /cannot be combined/],
    [[PROFILE, '--entries', '1', '--chunk', 'day'], /number of entries/],
    [[PROFILE, '--chunk', 'day'], /need rows/],
    [[`${PROFILE}:3`, '--entries', '1'], /attribute 2/],
    [[PROFILE, '--entries', '1', '--columns', 'x'], /no OBIS code/],
    [[PROFILE, '--propose', 'everything'], /conformance bits/],
  ] as const)
    it(`${args.join(' ')}: usage error with a reason`, async () => {
      const { code, err } = await read(...args);
      assert.equal(code, 2);
      assert.match(err, message);
    });

  it('write shows first, writes with --yes, and says what is refused', async () => {
    const item = `${ATTRIBUTE.short.obis}:2`;
    const shown = await run('write', item, '12');
    assert.equal(shown.code, 2);
    assert.match(shown.out, /7 -> 12/);
    assert.match(shown.err, /--yes/);
    assert.match((await read(item)).out, / 7\n/);
    const written = await run('write', item, '12', '--yes');
    assert.equal(written.code, 0, written.err);
    assert.match(written.out, /7 -> 12: success/);
    assert.match((await read(item)).out, / 12\n/);
    const refused = await run('write', item, 'text:x', '--type', 'octet-string', '--yes', '--json');
    assert.equal(refused.code, 1);
    assert.equal(JSON.parse(refused.out).result, 'type-unmatched');
    const octets = await run('write', `${ATTRIBUTE.other.obis}:2`, 'hex:0102', '--yes');
    assert.equal(octets.code, 0, octets.err);
  });

  it('execute invokes a method with --yes', async () => {
    const item = `${ATTRIBUTE.relay.obis}:1`;
    assert.match((await run('execute', item)).out, /remote_disconnect\(0\)/);
    const done = await run('execute', item, '--yes');
    assert.equal(done.code, 0, done.err);
    assert.match(done.out, /success/);
  });

  for (const [args, message] of [
    [['write', ATTRIBUTE.short.obis, '1'], /no number behind/],
    [['write', `${ATTRIBUTE.short.obis}:2`, 'many'], /is no long-unsigned/],
    [['write', `${ATTRIBUTE.short.obis}:2`, '70000', '--yes'], /70000/],
    [['write', `${ATTRIBUTE.short.obis}:2`, '1', '--type', 'word'], /--type word/],
    [['write', `${ATTRIBUTE.missing.obis}:2`, '1'], /give --type/],
  ] as const)
    it(`${args.join(' ')}: usage error with a reason`, async () => {
      const [command, ...rest] = args;
      const { code, err } = await run(command, ...rest);
      assert.equal(code, 2);
      assert.match(err, message);
    });
});
