import type { CommandDefinition } from '../command-definition.ts';

export const lintCommand: CommandDefinition = (program, { io, finish }) => {
  program
    .command('lint')
    .summary('check templates and OBIS profiles')
    .description('Prints what is wrong with templates and OBIS profiles, with the place and a way out.')
    .argument('<files...>', '.dlmsmeter and .obis.yaml files')
    .option('--json', 'print JSON')
    .action(async (files: string[], options: { json?: true }) => {
      const { lint } = await import('../lint.ts');
      finish(await lint({ files, ...options }, io));
    });
};

export const compileCommand: CommandDefinition = (program, { io, finish }) => {
  program
    .command('compile')
    .summary('template to its canonical model')
    .description('Prints the canonical model of a template as JSON (schemas/meter-model.schema.json).')
    .argument('<file>', '.dlmsmeter file')
    .action(async (file: string) => {
      const { compile } = await import('../lint.ts');
      finish(await compile({ file }, io));
    });
};
