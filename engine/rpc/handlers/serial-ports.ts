import { SerialError } from '../../serial/errors.ts';
import { listSerialPorts } from '../../serial/list.ts';
import { engineError } from '../errors.ts';
import type { SerialPortRow } from '../protocol.ts';

/** The serial ports of this machine. Throws `notPermitted` where there is no driver for them. */
export async function serialPorts(): Promise<readonly SerialPortRow[]> {
  try {
    const ports = await listSerialPorts();
    return ports.map(({ path, manufacturer }) => ({ path, ...(manufacturer === undefined ? {} : { manufacturer }) }));
  } catch (error) {
    if (error instanceof SerialError) throw engineError('notPermitted', error.message);
    throw error;
  }
}
