import assert from 'node:assert/strict';
import { searchObis } from '../../../engine/cosem/obis/search.ts';

describe('search of OBIS codes by meaning', () => {
  const queries: readonly (readonly [query: string, first: string, classId: number])[] = [
    ['voltage L2', '1-0:52.7.0.255', 3],
    ['l2 voltage', '1-0:52.7.0.255', 3],
    ['volt phase 2', '1-0:52.7.0.255', 3],
    ['voltage', '1-0:32.7.0.255', 3],
    ['vol', '1-0:32.7.0.255', 3],
    ['current l3', '1-0:71.7.0.255', 3],
    ['neutral current', '1-0:91.7.0.255', 3],
    ['active energy import', '1-0:1.8.0.255', 3],
    ['active import', '1-0:1.8.0.255', 3],
    ['+A', '1-0:1.8.0.255', 3],
    ['kWh', '1-0:1.8.0.255', 3],
    ['export', '1-0:2.8.0.255', 3],
    ['energy import rate 2', '1-0:1.8.2.255', 3],
    ['import t3', '1-0:1.8.3.255', 3],
    ['active energy export l3', '1-0:62.8.0.255', 3],
    ['reactive energy import', '1-0:3.8.0.255', 3],
    ['kvarh q2', '1-0:6.8.0.255', 3],
    ['active power', '1-0:1.7.0.255', 3],
    ['power', '1-0:1.7.0.255', 3],
    ['apparent power', '1-0:9.7.0.255', 3],
    ['max demand', '1-0:1.6.0.255', 4],
    ['maximum demand export', '1-0:2.6.0.255', 4],
    ['frequency', '1-0:14.7.0.255', 3],
    ['power factor', '1-0:13.7.0.255', 3],
    ['pf l1', '1-0:33.7.0.255', 3],
    ['thd voltage l1', '1-0:32.7.124.255', 3],
    ['clock', '0-0:1.0.0.255', 8],
    ['time', '0-0:1.0.0.255', 8],
    ['ldn', '0-0:42.0.0.255', 1],
    ['logical device name', '0-0:42.0.0.255', 1],
    ['serial number', '0-0:96.1.0.255', 1],
    ['meter serial', '0-0:96.1.0.255', 1],
    ['load profile', '1-0:99.1.0.255', 7],
    ['daily load profile', '1-0:99.2.0.255', 7],
    ['billing profile', '0-0:98.1.0.255', 7],
    ['event log', '0-0:99.98.0.255', 7],
    ['firmware', '1-0:0.2.0.255', 1],
    ['fw version', '1-0:0.2.0.255', 1],
    ['firmware update', '0-0:44.0.0.255', 18],
    ['relay', '0-0:96.3.10.255', 70],
    ['disconnector', '0-0:96.3.10.255', 70],
    ['security', '0-0:43.0.0.255', 64],
    ['frame counter', '0-0:43.1.0.255', 1],
    ['association', '0-0:40.0.0.255', 12],
    ['sap', '0-0:41.0.0.255', 17],
    ['hdlc', '0-0:22.0.0.255', 23],
    ['push', '0-0:25.9.0.255', 40],
    ['holiday', '0-0:11.0.0.255', 11],
    ['activity calendar', '0-0:13.0.0.255', 20],
    ['limiter', '0-0:17.0.0.255', 71],
    ['alarm register', '0-0:97.98.0.255', 1],
    ['error', '0-0:97.97.0.255', 1],
    ['power failures', '0-0:96.7.21.255', 1],
    ['m-bus client channel 2', '0-2:24.1.0.255', 72],
    ['cold water volume', '8-0:1.0.0.255', 3],
    ['1.8', '1-0:1.8.0.255', 3],
    ['1-0:52', '1-0:52.7.0.255', 3],
    ['1-0:1.8.4.255', '1-0:1.8.4.255', 3],
    ['0-0:96.3', '0-0:96.3.0.255', 1],
  ];
  for (const [query, first, classId] of queries) {
    it(`${JSON.stringify(query)} finds ${first}`, () => {
      const [best] = searchObis(query);
      assert.deepEqual(
        [best?.obis, best?.classId],
        [first, classId],
        searchObis(query, { limit: 3 })
          .map((result) => result.name)
          .join(' | '),
      );
    });
  }

  it('results carry name and unit, each code once, best first', () => {
    const results = searchObis('voltage', { limit: 50 });
    assert.deepEqual(results[0], {
      obis: '1-0:32.7.0.255',
      name: 'Voltage L1',
      classId: 3,
      unit: 35,
      score: results[0]?.score,
    });
    assert.equal(new Set(results.map((result) => result.obis)).size, results.length);
    assert.deepEqual(
      results,
      results.toSorted((x, y) => y.score - x.score),
    );
  });

  it('every word must be met', () => {
    assert.deepEqual(searchObis('voltage xyzzy'), []);
    assert.ok(searchObis('voltage l2', { limit: 100 }).every((result) => result.name.includes('L2')));
  });

  it('a rate is only given to what has rates', () => {
    assert.ok(searchObis('rate 7', { limit: 100 }).every((result) => result.name.includes('rate 7')));
    assert.deepEqual(searchObis('voltage rate 2'), []);
  });

  it('no text gives the best known codes, and the limit holds', () => {
    assert.equal(searchObis('').length, 20);
    assert.equal(searchObis('', { limit: 3 })[0]?.name, 'Clock');
  });

  it('answers while typing: below 5 ms', () => {
    searchObis('warm up');
    const from = performance.now();
    for (let i = 0; i < 50; i++) searchObis('active energy imp');
    const each = (performance.now() - from) / 50;
    console.log(`      ${each.toFixed(2)} ms a search`);
    assert.ok(each < 5, `${each}`);
  });
});
