import { SerialError } from './errors.ts';

type Driver = typeof import('serialport');

/**
 * The serial driver, loaded when a port is first wanted: most sessions never want one, and its native part exists for
 * some systems only. `load` is for tests. Rejects with SerialError `no-driver`.
 */
export async function loadDriver(load: () => Promise<Driver> = () => import('serialport')): Promise<Driver> {
  try {
    return await load();
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    throw new SerialError(
      'no-driver',
      `the serial driver has no native part for ${process.platform}-${process.arch}: ${reason}`,
      'Use a serial server (HOST:PORT with HDLC) instead, or run on Linux, macOS or Windows with x64 or arm64.',
    );
  }
}
