import type { LinkPeer } from '../link/types.ts';
import type { CosemObject } from '../meter/blueprint.ts';
import type { VirtualMeter } from '../meter/meter.ts';
import type { MeterSession, SessionOutput, SessionPeer } from '../meter/session.ts';
import { SerialError } from '../serial/errors.ts';
import { type OpenSerialPort, openSerialPort } from '../serial/port.ts';
import { DEFAULT_FORMAT, DEFAULT_SPEED, type SerialSettings } from '../serial/settings.ts';
import { EmulatorError } from './errors.ts';
import type { Connection, ServedDevice } from './served-device.ts';

/** Speed of the IEC 62056-21 opening, bit/s. */
const OPENING_SPEED = 300;
/** How long to wait before a port that went away is tried again, ms. */
const RETRY_MS = 1000;

/**
 * A meter on a serial port. The port is its one connection, open as long as the emulator runs; a port that goes away is
 * waited for.
 */
export class SerialListener implements Connection {
  readonly served: ServedDevice;
  readonly from: string;
  readonly since: number;
  #port: OpenSerialPort | undefined;
  #session: MeterSession | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  /** When the answer delayed last goes out; later ones may not overtake it. */
  #sendAfter = 0;

  /** The device's host is the path of the port. */
  constructor(served: ServedDevice) {
    this.served = served;
    this.from = served.host;
    this.since = Date.now();
  }

  /** @throws EmulatorError `port-in-use`, `not-permitted`, `serial-port`. */
  async listen(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      if (!(error instanceof SerialError)) throw error;
      const code = error.code === 'busy' ? 'port-in-use' : error.code === 'not-permitted' ? error.code : 'serial-port';
      throw new EmulatorError(code, error.message, error.next);
    }
  }

  peers(): readonly SessionPeer[] {
    return this.#session?.peers() ?? [];
  }

  forget(meter: VirtualMeter): void {
    this.#session?.forget(meter);
  }

  push(meter: VirtualMeter, apdus: readonly Uint8Array[], peer: LinkPeer): void {
    const now = performance.now();
    this.served.guarded(this, () => this.#perform(this.#session?.push(meter, apdus, peer, now) ?? [], now));
  }

  notify(meter: VirtualMeter, object: CosemObject, attribute: number): void {
    const now = performance.now();
    this.served.guarded(this, () => this.#perform(this.#session?.notify(meter, object, attribute, now) ?? [], now));
  }

  /** Serial lines keep their own time: their deadlines are shorter than the ticks of an emulator. */
  tick(): void {}

  destroy(): void {
    void this.close();
  }

  async close(): Promise<void> {
    this.#stopped = true;
    this.#end();
    await this.#port?.close();
  }

  async #open(): Promise<void> {
    const port = await openSerialPort(this.served.host, settingsOf(this.served), {
      data: (octets) => this.served.guarded(this, () => this.#receive(octets)),
      closed: () => this.#lost(),
    });
    if (this.#stopped) {
      await port.close();
      return;
    }
    this.#port = port;
    this.#session = this.served.device.open();
    this.served.accepted(this);
  }

  #lost(): void {
    this.served.figures.errors += 1;
    this.#port = undefined;
    this.#end();
    this.#retry();
  }

  #retry(): void {
    setTimeout(() => {
      if (this.#stopped) return;
      this.#open().catch(() => this.#retry());
    }, RETRY_MS).unref();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#session?.close(performance.now());
    this.#session = undefined;
    this.served.closed(this);
  }

  #receive(octets: Uint8Array): void {
    this.served.figures.octetsIn += octets.length;
    const now = performance.now();
    if (this.#session !== undefined) this.#perform(this.#session.receive(octets, now), now);
  }

  #perform(outputs: readonly SessionOutput[], now: number): void {
    for (const output of outputs) {
      if (output.type === 'close') continue;
      const due = Math.max(now + (output.type === 'send' ? output.delayMs : 0), this.#sendAfter);
      if (due <= now) this.#put(output);
      else {
        this.#sendAfter = due;
        setTimeout(() => this.#put(output), due - now).unref();
      }
    }
    this.#schedule(now);
  }

  #put(output: Exclude<SessionOutput, { type: 'close' }>): void {
    if (output.type === 'speed') {
      this.#port?.setSpeed(output.speed);
      return;
    }
    this.served.figures.octetsOut += output.octets.length;
    this.#port?.write(output.octets);
  }

  #schedule(now: number): void {
    clearTimeout(this.#timer);
    const deadline = this.#session?.nextDeadline();
    if (deadline === undefined) return;
    this.#timer = setTimeout(
      () => {
        const at = performance.now();
        this.served.guarded(this, () => this.#perform(this.#session?.tick(at) ?? [], at));
      },
      Math.max(0, deadline - now),
    ).unref();
  }
}

/** A line with mode E begins at 300 bit/s, in 8 data bits: the parity of the opening is made in software. */
function settingsOf({ transport }: ServedDevice): SerialSettings {
  if (transport.modeE !== undefined) return { ...DEFAULT_FORMAT, speed: OPENING_SPEED };
  return { ...DEFAULT_FORMAT, speed: transport.baud ?? DEFAULT_SPEED, parity: transport.parity ?? 'none' };
}
