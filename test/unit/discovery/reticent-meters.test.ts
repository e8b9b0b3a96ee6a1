import assert from 'node:assert/strict';
import type { Aarq } from '../../../engine/codec/acse/types.ts';
import { MAX_LOGIN_FAILURES } from '../../../engine/discovery/contact.ts';
import { scan } from '../../../engine/discovery/scan.ts';
import type { MeterFinding } from '../../../engine/discovery/types.ts';
import { completeFinding } from '../../../engine/profile/complete-finding.ts';
import type { MeterModel } from '../../../engine/template/index.ts';
import { type Answer, accept, fakeMeter, reject } from '../session/fake-meter.ts';
import { sampleModels, startMeters } from './emulated.ts';

async function look(port: number): Promise<MeterFinding> {
  const { findings } = await scan(
    {
      targets: ['127.0.0.1'],
      exclude: [],
      ports: [port],
      rate: 0,
      timeoutMs: 1000,
      concurrency: 4,
      allowPublic: false,
    },
    { complete: completeFinding },
  );
  return findings[0]!;
}

function mechanisms(item: Pick<MeterFinding, 'associations'>): Record<string, string> {
  return Object.fromEntries(item.associations.map((association) => [association.clientSap, association.mechanism]));
}

/** A sample without the objects that tell about its other associations. */
function withoutAssociationObjects(model: MeterModel): MeterModel {
  return {
    ...model,
    objects: model.objects.filter(
      (object) => object.obis === '0-0:40.0.0.255' || (object.class !== 15 && object.class !== 64),
    ),
  };
}

/** A sample nobody may use without authentication. */
function withoutPublic(model: MeterModel): MeterModel {
  return { ...model, associations: model.associations.filter((association) => association.mechanism !== 'lowest') };
}

describe('meters that tell little', () => {
  const models = sampleModels();

  for (const model of models) {
    it(`${model.name} without association objects: clients and mechanisms are found by asking`, async () => {
      const fleet = await startMeters([withoutAssociationObjects(model)]);
      try {
        const finding = await look(fleet.endpoints[0]!.port);
        assert.equal(finding.outcome, 'identified', finding.reason);
        const expected = Object.fromEntries(
          model.associations.map((association) => [association.clientSap, association.mechanism]),
        );
        assert.deepEqual(mechanisms(finding), expected);
        for (const association of finding.associations) {
          const { ciphering } = model.associations.find((item) => item.clientSap === association.clientSap)!;
          assert.equal(association.ciphered, ciphering, `client ${association.clientSap}`);
        }
      } finally {
        await fleet.emulator.stop();
      }
    });
  }

  it('a meter without a public client says which clients it has and what they ask for', async () => {
    for (const model of models.map(withoutPublic).filter((item) => item.associations.length > 0)) {
      const fleet = await startMeters([model]);
      try {
        const finding = await look(fleet.endpoints[0]!.port);
        assert.equal(finding.outcome, 'speaks-dlms', `${model.name}: ${finding.reason}`);
        assert.deepEqual(
          mechanisms(finding),
          Object.fromEntries(model.associations.map((item) => [item.clientSap, item.mechanism])),
        );
        assert.equal(finding.objects.length, 0);
        assert.match(finding.reason, /asks for/);
      } finally {
        await fleet.emulator.stop();
      }
    }
  });

  it('stops authenticating when a meter may be counting failed logins', async () => {
    const meter = await fakeMeter((apdu) =>
      apdu.kind === 'aarq' ? reject(apdu, 'authentication-failure') : undefined,
    );
    const finding = await look(meter.port);
    await meter.close();
    const withMechanism = meter.requests.filter((apdu) => apdu.kind === 'aarq' && apdu.mechanism !== undefined);
    assert.ok(withMechanism.length < MAX_LOGIN_FAILURES, `${withMechanism.length} AARQs with authentication`);
    assert.ok(finding.errors.some((error) => error.includes('authentication-failure')));
  });

  it('never sends a password, and a challenge only to clients that ask for authentication', async () => {
    const meter = await fakeMeter((apdu, client): Answer => {
      if (apdu.kind !== 'aarq') return undefined;
      if (client !== 1) return undefined;
      return reject(
        apdu,
        apdu.mechanism === undefined ? 'authentication-required' : 'authentication-mechanism-name-not-recognised',
      );
    });
    const finding = await look(meter.port);
    await meter.close();
    const sent = meter.requests.filter((apdu): apdu is Aarq => apdu.kind === 'aarq');
    assert.ok(!sent.some((aarq) => aarq.mechanism === 'lls'));
    assert.deepEqual(mechanisms(finding), { '1': 'lls' });
    assert.equal(finding.associations[0]?.origin, 'inferred');
  });

  it('takes the mechanism a rejecting AARE names', async () => {
    const meter = await fakeMeter((apdu, client) =>
      apdu.kind === 'aarq' && client === 1
        ? { ...reject(apdu, 'authentication-required'), mechanism: 'hls-sha256' }
        : undefined,
    );
    const finding = await look(meter.port);
    await meter.close();
    assert.deepEqual(mechanisms(finding), { '1': 'hls-sha256' });
    assert.equal(finding.associations[0]?.origin, 'negotiated');
  });

  it('reads through another client where that one needs no authentication', async () => {
    const meter = await fakeMeter((apdu, client): Answer => {
      if (client !== 1) return undefined;
      if (apdu.kind === 'aarq') return accept(apdu);
      if (apdu.kind === 'get-request' && apdu.type === 'normal' && apdu.attr.obis === '0-0:42.0.0.255')
        return {
          kind: 'get-response',
          type: 'normal',
          invoke: apdu.invoke,
          data: { t: 'octet-string', v: new TextEncoder().encode('KAM0000000000042') },
        };
      if (apdu.kind === 'get-request')
        return { kind: 'get-response', type: 'normal', invoke: apdu.invoke, result: 'read-write-denied' };
      return apdu.kind === 'rlrq' ? { kind: 'rlre' } : undefined;
    });
    const finding = await look(meter.port);
    await meter.close();
    assert.equal(finding.outcome, 'identified');
    assert.equal(finding.logicalDeviceName?.value, 'KAM0000000000042');
    assert.equal(finding.classification?.vendor, 'Kamstrup');
  });

  it('broken answers to reads are recorded with their place, and the rest is read', async () => {
    const meter = await fakeMeter((apdu): Answer => {
      if (apdu.kind === 'aarq') return accept(apdu);
      if (apdu.kind !== 'get-request' || apdu.type !== 'normal')
        return apdu.kind === 'rlrq' ? { kind: 'rlre' } : undefined;
      if (apdu.attr.class === 15) return Uint8Array.of(0xc4, 0x01, apdu.invoke.raw, 0x00, 0x02, 0x05, 0x11);
      return {
        kind: 'get-response',
        type: 'normal',
        invoke: apdu.invoke,
        data: { t: 'octet-string', v: new TextEncoder().encode('KAM1') },
      };
    });
    const finding = await look(meter.port);
    await meter.close();
    assert.equal(finding.outcome, 'identified');
    assert.equal(finding.logicalDeviceName?.value, 'KAM1');
    assert.ok(
      finding.errors.some((error) => /object list.*octet \d+/.test(error)),
      finding.errors.join('; '),
    );
  });

  it('a meter that stops in the middle of reading keeps what was read', async () => {
    let reads = 0;
    const meter = await fakeMeter((apdu, _client, socket): Answer => {
      if (apdu.kind === 'aarq') return accept(apdu);
      if (apdu.kind === 'get-request' && reads++ > 0) socket.destroy();
      if (apdu.kind !== 'get-request') return undefined;
      const row = {
        t: 'structure',
        v: [
          { t: 'long-unsigned', v: 1 },
          { t: 'unsigned', v: 0 },
          { t: 'octet-string', v: Uint8Array.of(0, 0, 42, 0, 0, 255) },
        ],
      } as const;
      return { kind: 'get-response', type: 'normal', invoke: apdu.invoke, data: { t: 'array', v: [row] } };
    });
    const finding = await look(meter.port);
    await meter.close();
    assert.equal(finding.outcome, 'identified');
    assert.equal(finding.objects.length, 1);
    assert.ok(finding.errors.length > 0);
  });
});
