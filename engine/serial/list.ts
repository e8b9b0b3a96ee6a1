import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { loadDriver } from './driver.ts';

/** A serial port of this machine, with what its adapter says of itself. */
export interface SerialPortInfo {
  readonly path: string;
  readonly manufacturer?: string;
  readonly serialNumber?: string;
}

const run = promisify(execFile);
const DEVICE = /^(ttyUSB|ttyACM|ttyAMA|ttyS|rfcomm|cu\.)/;

/**
 * The serial ports of this machine, by path. On Linux the driver asks `udevadm` for them and brings the process down
 * where there is none (small containers): then the names in /dev are all there is. Rejects with SerialError
 * `no-driver`.
 */
export async function listSerialPorts(): Promise<readonly SerialPortInfo[]> {
  if (process.platform === 'linux' && !(await hasUdevadm())) return devicesByName();
  const { SerialPort } = await loadDriver();
  const ports = await SerialPort.list();
  return ports
    .map(({ path, manufacturer, serialNumber }) => ({
      path,
      ...(manufacturer === undefined ? {} : { manufacturer }),
      ...(serialNumber === undefined ? {} : { serialNumber }),
    }))
    .sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

async function hasUdevadm(): Promise<boolean> {
  try {
    await run('udevadm', ['--version']);
    return true;
  } catch {
    return false;
  }
}

async function devicesByName(): Promise<readonly SerialPortInfo[]> {
  const names = await readdir('/dev').catch(() => []);
  return names
    .filter((name) => DEVICE.test(name))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => ({ path: `/dev/${name}` }));
}
