import { type Command, Option } from 'commander';

/** Argument text of commands that reach one meter. */
export const METER_ARGUMENT = 'HOST:PORT, IPv6 in brackets, or serial:PATH, e.g. serial:/dev/ttyUSB0';

/** Adds the options that say how a meter is to be reached; engine/cli/way-to-meter.ts reads them. */
export function addWayOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--framing <framing>', 'how APDUs are framed: default wrapper, hdlc on serial ports').choices([
        'wrapper',
        'hdlc',
      ]),
    )
    .option('--udp', 'wrapper over UDP')
    .option('--baud <speed>', 'speed of a serial port: default 9600; with --mode-e the highest to choose')
    .option('--line <format>', 'character format of a serial port: default 8N1')
    .option('--mode-e', 'open by IEC 62056-21 mode E at 300 baud, as on an optical port')
    .option('--device-address <address>', 'device address of the mode E request')
    .option('--wake-up', 'wake a battery meter before the mode E request')
    .option('--hdlc-info <octets>', 'longest HDLC information field to propose: default 2030, less on slow lines')
    .option('--hdlc-window <frames>', 'HDLC window to propose: default 1')
    .option('--gateway <network/address>', 'the meter is behind a gateway, e.g. 1/0011 (address in hex)');
}
