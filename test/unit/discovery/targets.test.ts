import assert from 'node:assert/strict';
import { blocksOf, parseTarget } from '../../../engine/discovery/address-range.ts';
import { TargetError, type TargetErrorCode } from '../../../engine/discovery/errors.ts';
import { checkPorts, MAX_TARGETS, resolveTargets, type TargetOptions } from '../../../engine/discovery/targets.ts';

async function addresses(targets: readonly string[], options: Partial<TargetOptions> = {}): Promise<string[]> {
  const set = await resolveTargets({ targets, exclude: [], allowPublic: false, resolve: names, ...options });
  const list = [...set].map((target) => target.address);
  assert.equal(list.length, set.count, 'count equals what is iterated');
  return list;
}

const names = async (name: string): Promise<readonly string[]> => {
  if (name === 'meter.example') return ['127.0.0.7'];
  throw new Error('ENOTFOUND');
};

async function refusal(targets: readonly string[], options: Partial<TargetOptions> = {}): Promise<TargetErrorCode> {
  try {
    await resolveTargets({ targets, exclude: [], allowPublic: false, resolve: names, ...options });
  } catch (error) {
    assert.ok(error instanceof TargetError);
    return error.code;
  }
  assert.fail('not refused');
}

describe('scan targets', () => {
  const lists: readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[] = [
    ['one address', ['127.0.0.1'], [], ['127.0.0.1']],
    ['a block', ['10.0.0.0/30'], [], ['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.0.3']],
    ['a block written by one of its addresses', ['10.0.0.3/31'], [], ['10.0.0.2', '10.0.0.3']],
    ['a range', ['10.0.0.254-10.0.1.1'], [], ['10.0.0.254', '10.0.0.255', '10.0.1.0', '10.0.1.1']],
    ['a short range', ['10.0.0.7-9'], [], ['10.0.0.7', '10.0.0.8', '10.0.0.9']],
    ['a list in one text', ['10.0.0.1, 10.0.0.3'], [], ['10.0.0.1', '10.0.0.3']],
    [
      'repetitions and overlaps',
      ['10.0.0.1', '10.0.0.0/31', '10.0.0.1-10.0.0.2'],
      [],
      ['10.0.0.1', '10.0.0.0', '10.0.0.2'],
    ],
    ['exclusions', ['10.0.0.0/29'], ['10.0.0.1-6'], ['10.0.0.0', '10.0.0.7']],
    ['an excluded single address', ['10.0.0.1', '10.0.0.2'], ['10.0.0.2'], ['10.0.0.1']],
    ['a host name', ['meter.example'], [], ['127.0.0.7']],
    ['a host name inside of a block', ['meter.example', '127.0.0.6/31'], [], ['127.0.0.7', '127.0.0.6']],
    ['IPv6', ['fd00::1-fd00::2'], [], ['fd00::1', 'fd00::2']],
    ['IPv4-mapped IPv6', ['::ffff:10.0.0.1'], [], ['10.0.0.1']],
  ];
  for (const [name, targets, exclude, expected] of lists) {
    it(name, async () => assert.deepEqual(await addresses(targets, { exclude }), expected));
  }

  const refused: readonly (readonly [string, readonly string[], TargetErrorCode])[] = [
    ['leading zeros, which mean octal elsewhere', ['010.0.0.1'], 'bad-target'],
    ['three parts', ['10.0.1'], 'bad-target'],
    ['hexadecimal parts', ['0x7f.0.0.1'], 'bad-target'],
    ['an octet above 255', ['10.0.0.256'], 'bad-target'],
    ['a prefix above 32', ['10.0.0.0/33'], 'bad-target'],
    ['no prefix', ['10.0.0.0/'], 'bad-target'],
    ['a range from high to low', ['10.0.0.9-10.0.0.1'], 'bad-target'],
    ['a range of two families', ['10.0.0.1-fd00::1'], 'bad-target'],
    ['an unknown host', ['nowhere.example'], 'host-unknown'],
    ['a public address', ['8.8.8.8'], 'public-refused'],
    ['a block that reaches beyond a private range', ['10.0.0.0/7'], 'public-refused'],
    ['carrier-grade NAT', ['100.64.0.1'], 'public-refused'],
    ['multicast', ['224.0.0.1'], 'not-scannable'],
    ['everything', ['0.0.0.0/0'], 'not-scannable'],
    ['broadcast', ['255.255.255.255'], 'not-scannable'],
    ['nothing', [], 'no-targets'],
    ['an IPv6 network of billions', ['fd00::/64'], 'too-many'],
  ];
  for (const [name, targets, code] of refused) {
    it(`refuses ${name}`, async () => assert.equal(await refusal(targets), code));
  }

  it('refuses when exclusions leave nothing', async () => {
    assert.equal(await refusal(['10.0.0.1'], { exclude: ['10.0.0.0/8'] }), 'no-targets');
  });

  it('takes public addresses with permission, but never multicast', async () => {
    assert.deepEqual(await addresses(['198.51.100.1'], { allowPublic: true }), ['198.51.100.1']);
    assert.equal(await refusal(['239.0.0.1'], { allowPublic: true }), 'not-scannable');
  });

  it('iterates a /8 without expanding it', async () => {
    const set = await resolveTargets({ targets: ['10.0.0.0/8'], exclude: [], allowPublic: false });
    assert.equal(set.count, MAX_TARGETS);
    const before = process.memoryUsage().heapUsed;
    let seen = 0;
    for (const target of set) {
      if (seen++ === 0) assert.equal(target.address, '10.0.0.0');
      if (seen === 10_000) break;
    }
    assert.ok(process.memoryUsage().heapUsed - before < 64 * 2 ** 20);
  });

  it('covers any range by blocks that hold nothing else', () => {
    for (const text of ['10.0.0.1-10.0.0.6', '10.0.0.0-10.0.0.7', '10.0.0.255-10.0.1.0', '10.0.0.5-10.0.0.5']) {
      const range = parseTarget(text);
      assert.ok('first' in range);
      const covered = blocksOf(range).flatMap((block) => {
        const part = parseTarget(block);
        assert.ok('first' in part);
        return Array.from({ length: Number(part.last - part.first) + 1 }, (_, i) => part.first + BigInt(i));
      });
      assert.deepEqual(
        covered,
        Array.from({ length: Number(range.last - range.first) + 1 }, (_, i) => range.first + BigInt(i)),
      );
    }
  });

  it('checks ports', () => {
    assert.deepEqual(checkPorts([4059, 4060, 4059]), [4059, 4060]);
    for (const ports of [[], [0], [65_536], [1.5]]) assert.throws(() => checkPorts(ports), { code: 'bad-port' });
  });
});
