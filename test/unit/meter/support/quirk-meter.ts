import assert from 'node:assert/strict';
import { fromHex, toHex } from '../../../../engine/codec/hex.ts';
import { decodeWrapper, encodeWrapper } from '../../../../engine/codec/wrapper/wrapper.ts';
import { MeterDevice } from '../../../../engine/meter/device.ts';
import { createMeter, type VirtualMeter } from '../../../../engine/meter/meter.ts';
import type { MeterSession, SessionOutput } from '../../../../engine/meter/session.ts';
import { compileText } from '../../../../engine/template/index.ts';
import type { MeterModel } from '../../../../engine/template/model.ts';

/** Monday 23 November 2026, 12:00:30 UTC: 13:00:30 on the meter's clock. */
export const NOW = Date.UTC(2026, 10, 23, 12, 0, 30);

/** Keys every meter of these tests has. */
export const SECRETS = {
  guek: '000102030405060708090a0b0c0d0e0f',
  gak: 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf',
  hls: '5155495242303031',
};

/** The challenge every meter of these tests sends. */
export const CHALLENGE = Uint8Array.from({ length: 16 }, (_, index) => 0x40 + index);

/** A meter with something for every quirk to show at, and the quirks given. */
export function quirkMeterText(quirks: string, suite = 0): string {
  return `
meter quirky {
  identity {
    vendor: "Quirk" flag: "ZZQ" model: "Q1" firmware: "1.0" serial: "{n:04}"
    logical_device_name: "{flag}{serial}" cosem_version: 6 year: 2026 referencing: both
  }
  transport lan tcp { port: 4059 framing: wrapper }
  transport line tcp { port: 4060 framing: hdlc }
  hdlc { address_bytes: 1 server_upper: 1 server_lower: 17 max_info_transmit: 128 max_info_receive: 128 }
  security guard suite ${suite} {
    global_unicast_key: secret("guek")
    authentication_key: secret("gak")
  }
  association public {
    client: 16 authentication: none context: LN, no-ciphering max_pdu: 1024
    conformance: get, set, action, access, selective-access, multiple-references, block-transfer-with-get-or-read, block-transfer-with-set-or-write, block-transfer-with-action
  }
  association short {
    client: 48 authentication: none context: SN, no-ciphering max_pdu: 1024
    conformance: read, write, multiple-references, parameterized-access, block-transfer-with-get-or-read
  }
  association reader {
    client: 2 authentication: lls, password secret("hls") context: LN, no-ciphering conformance: get max_pdu: 1024
  }
  association ciphered {
    client: 32 authentication: none context: LN, ciphering security: guard max_pdu: 1024
    conformance: get, set, action, general-protection, selective-access
  }
  association gmac {
    client: 33 authentication: hls-gmac context: LN, ciphering security: guard max_pdu: 1024
    conformance: get, set, action, general-protection
  }
  association sha {
    client: 34 authentication: hls-sha256, password secret("hls") context: LN, no-ciphering security: guard max_pdu: 1024
    conformance: get, set, action
  }
  rights all {
    public: get, set, action short: get, set, action reader: get ciphered: get gmac: get sha: get
  }
  rights open { public: get, set, action }
  rights readable { public: get }

  object association_now 0-0:40.0.0.255 association-ln { rights: open }
  object short_names 0-0:40.0.1.255 association-sn { access: short get, action }
  object number 0-0:96.1.0.255 data { rights: all base_name: 0x2000 value: octet-string = "0042" }
  object setting 0-0:96.50.0.255 data { rights: all base_name: 0x2100 value: unsigned = 7 }
  object long_text 0-0:96.51.0.255 data { rights: all value: octet-string = "${'x'.repeat(60)}" }
  object clock 0-0:1.0.0.255 clock { rights: all time: simulated() time_zone: -60 }
  object energy 1-0:1.8.0.255 register { rights: all value: double-long-unsigned = 4711 scaler_unit: 10^0 Wh }
  object peak 1-0:1.6.0.255 extended-register {
    rights: open value: long-unsigned = 5 scaler_unit: 10^0 W status: unsigned = 1
  }
  object profile 1-0:99.1.0.255 profile-generic {
    rights: open capture_objects: clock.time, energy.value capture_period: 1h sort_object: clock.time
    profile_entries: 3 prefill: 1d selective_access: by-range, by-entry
  }
  object scripts 0-0:10.0.100.255 script-table {
    rights: open scripts: script(1, write(setting.value, unsigned(1)))
  }
  object calendar 0-0:13.0.0.255 activity-calendar {
    rights: open activate_passive_calendar_time: octet-string = h"07EA0B17FF0D000000800000"
  }
  object billing 0-0:15.0.0.255 single-action-schedule {
    rights: open executed_script: run(scripts, 1) type: 1 execution_time: moment("00:00", "*-*-01")
  }
  object image 0-0:44.0.0.255 image-transfer { rights: open image_block_size: 64 image_transfer_enabled: true }
  object ip 0-0:25.1.0.255 ipv4-setup { rights: readable IP_address: 0x7F000001 }
  object money 0-0:96.52.0.255 data { rights: open value: utf8-string = "EUR" }
  ${quirks}
}`;
}

/** The model of a template text that has to be right. */
export function compiled(text: string): MeterModel {
  const { model, findings } = compileText(text);
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  assert.deepEqual(errors, []);
  const meter = model?.meters[0];
  assert.ok(meter !== undefined);
  return meter;
}

export function quirkMeter(quirks: string, suite = 0): VirtualMeter {
  const secrets = (reference: object): Uint8Array | undefined => {
    const name = 'secret' in reference ? String(reference.secret) : '';
    const hex = Object.entries(SECRETS).find(([known]) => known === name)?.[1];
    return hex === undefined ? undefined : fromHex(hex);
  };
  return createMeter(compiled(quirkMeterText(quirks, suite)), { number: 42, startedAt: NOW, secrets });
}

/** One endpoint of a meter, with connections that are opened and closed; everything is hex. */
export class QuirkLine {
  readonly meter: VirtualMeter;
  readonly device: MeterDevice;
  readonly framing: 'wrapper' | 'hdlc';
  time = NOW;
  client = 16;
  session: MeterSession;
  /** What went out last, piece by piece. */
  outputs: readonly SessionOutput[] = [];

  constructor(meter: VirtualMeter, framing: 'wrapper' | 'hdlc' = 'wrapper') {
    const transport = meter.model.transports.find((item) => item.framing === framing);
    assert.ok(transport !== undefined);
    this.meter = meter;
    this.framing = framing;
    this.device = new MeterDevice([meter], transport, {
      random: (length) => Uint8Array.from({ length }, (_, index) => 0x40 + index),
      figures: { requests: 0, errors: 0 },
      clock: () => this.time,
    });
    this.session = this.device.open();
  }

  /** The connection is cut, and another one made. */
  reconnect(): void {
    this.session.close(0);
    this.session = this.device.open();
  }

  /** Octets of the link; what comes back, piece by piece, `close` for the end of the connection. */
  link(octets: string): string[] {
    this.outputs = this.session.receive(fromHex(octets), 0);
    return this.outputs.flatMap((output) => {
      if (output.type === 'send') return [toHex(output.octets)];
      return output.type === 'close' ? ['close'] : [];
    });
  }

  /** An APDU in a wrapper message; the APDUs that come back. */
  ask(apdu: string): string[] {
    return this.link(toHex(encodeWrapper({ source: this.client, destination: 1, apdu: fromHex(apdu) }))).map(
      (octets) => {
        const decoded = octets === 'close' ? undefined : decodeWrapper(fromHex(octets));
        return decoded?.ok === true ? toHex(decoded.value.message.apdu) : octets;
      },
    );
  }
}
