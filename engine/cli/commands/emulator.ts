import { resolve } from 'node:path';
import type { Command } from 'commander';
import { Argument, InvalidArgumentError } from 'commander';
import type { StartRequest } from '../../api/routes/emulators.ts';
import type { CommandDefinition } from '../command-definition.ts';
import type { EmulatorAction, EmulatorCommandOptions } from '../emulator.ts';
import { integerOption, numberOption } from '../integer-option.ts';

/** `dlms emulator`: controls what `dlms emulate --control` or `dlms serve` runs. */
export const emulatorCommand: CommandDefinition = (program, { io, finish }) => {
  const parent = program
    .command('emulator')
    .summary('control emulators that run')
    .description('Lists, watches and changes emulators started with dlms emulate --control.');
  const act = async (action: EmulatorAction, options: EmulatorCommandOptions): Promise<void> => {
    const { emulator } = await import('../emulator.ts');
    finish(await emulator(action, options, io));
  };
  const add = (name: string, summary: string): Command =>
    parent
      .command(name)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
      .option('--control <where>', 'HOST:PORT of the process; only needed if several run')
      .option('--id <id>', 'emulator; only needed if a process runs several')
      .option('--json', 'print the answer as JSON')
      .exitOverride()
      .copyInheritedSettings(program);
  add('list', 'emulators that run').action((options: EmulatorCommandOptions) => act({ do: 'list' }, options));
  add('status', 'figures, rates and the busiest meters').action((options: EmulatorCommandOptions) =>
    act({ do: 'status' }, options),
  );
  add('meter', 'one meter, and who is connected to it')
    .argument('<serial>', 'serial number')
    .action((serial: string, options: EmulatorCommandOptions) => act({ do: 'meter', serial }, options));
  add('scale', 'add or remove meters; the others keep their connections')
    .argument('<count>', 'number of meters', integerOption(1, 1_000_000))
    .option('--fleet <name>', 'fleet; only needed if there are several')
    .action((count: number, { fleet, ...options }: EmulatorCommandOptions & { readonly fleet?: string }) =>
      act({ do: 'scale', count, ...(fleet === undefined ? {} : { fleet }) }, options),
    );
  add('reload', 'read the templates again').action((options: EmulatorCommandOptions) => act({ do: 'reload' }, options));
  add('start', 'start a template in a process that runs dlms serve')
    .argument('<file>', '.dlmsmeter file')
    .option('--fleet <names>', 'fleets of the template, separated by commas, or all')
    .option('--meter <name>', 'one meter of the template')
    .option('--count <n>', 'number of meters', integerOption(1, 1_000_000))
    .option('--listen <where>', 'as that of dlms emulate')
    .option('--seed <n>', 'the same seed gives the same values', integerOption(0, 0xffff_ffff))
    .action((file: string, { control, id, json, ...request }: EmulatorCommandOptions & Omit<StartRequest, 'path'>) =>
      act(
        { do: 'start', request: { path: resolve(file), ...request } },
        { ...(control === undefined ? {} : { control }), ...(json === undefined ? {} : { json }) },
      ),
    );
  add('quirk', 'switch a quirk or fault of one meter or of all')
    .argument('<name>', 'name in the template or in the catalogue')
    .addArgument(new Argument('<state>', 'default: as the template says').choices(['on', 'off', 'default']))
    .option('--serial <serial>', 'one meter; default all')
    .action((name: string, state: string, { serial, ...options }: EmulatorCommandOptions & { serial?: string }) =>
      act(
        {
          do: 'quirk',
          name,
          on: state === 'default' ? null : state === 'on',
          ...(serial === undefined ? {} : { serial }),
        },
        options,
      ),
    );
  add('push', 'make a meter push now; status shows what arrived')
    .argument('<serial>', 'serial number')
    .argument('[setup]', 'name or OBIS code of the push setup; default the first')
    .action((serial: string, setup: string | undefined, options: EmulatorCommandOptions) =>
      act({ do: 'push', serial, ...(setup === undefined ? {} : { setup }) }, options),
    );
  add('press', 'press the button of a breaker: off if it is on, else on')
    .argument('<serial>', 'serial number')
    .argument('[object]', 'name or OBIS code of the breaker; default the first')
    .action((serial: string, object: string | undefined, options: EmulatorCommandOptions) =>
      act({ do: 'press', serial, ...(object === undefined ? {} : { object }) }, options),
    );
  add('stop', 'stop it').action((options: EmulatorCommandOptions) => act({ do: 'stop' }, options));
  add('time', 'show simulated time, or change it')
    .option('--to <time>', 'jump to a moment, e.g. 2026-01-01T00:00Z')
    .option('--by <seconds>', 'jump on, or back with a minus', seconds)
    .option('--speed <factor>', 'simulated seconds in a second', numberOption(0.001, 100_000))
    .option('--freeze', 'stand still')
    .option('--run', 'go on')
    .option('--real', 'go with the clock of the system again')
    .action((options: EmulatorCommandOptions & Omit<Extract<EmulatorAction, { do: 'time' }>, 'do'>) => {
      const { control, id, json, ...change } = options;
      return act(
        { do: 'time', ...change },
        {
          ...(control === undefined ? {} : { control }),
          ...(id === undefined ? {} : { id }),
          ...(json === undefined ? {} : { json }),
        },
      );
    });
};

function seconds(text: string): number {
  const value = /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError(`Found "${text}", expected seconds, e.g. 3600 or -60.`);
}
