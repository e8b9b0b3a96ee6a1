import { SerialError } from '../serial/errors.ts';
import { listSerialPorts } from '../serial/list.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { printable, table } from './table.ts';

/** `dlms ports`: exit code 0 listed, also when there are none; 1 the driver cannot be used. */
export async function ports(options: { readonly json?: boolean }, io: CliIo): Promise<ExitCode> {
  try {
    const found = await listSerialPorts();
    if (options.json === true) io.out(`${JSON.stringify(found)}\n`);
    else if (found.length === 0) io.out('No serial ports.\n');
    else {
      const rows = found.map(({ path, manufacturer = '', serialNumber = '' }) => [path, manufacturer, serialNumber]);
      io.out(table(['port', 'manufacturer', 'serial number'], rows));
    }
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof SerialError)) throw error;
    io.err(`dlms ports: ${printable(error.message)} [${error.code}]\n${error.next}\n`);
    return exitCodes.failed;
  }
}
