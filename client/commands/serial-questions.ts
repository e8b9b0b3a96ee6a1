import * as vscode from 'vscode';
import { ListSerialPorts } from '../../engine/rpc/protocol.ts';
import { engineProblem } from '../engine/engine-problem.ts';
import { parseSerialLine, type SerialLine } from '../inputs/addresses.ts';
import type { Questions } from '../inputs/steps.ts';
import type { Workbench } from '../workbench.ts';

interface PortItem extends vscode.QuickPickItem {
  readonly path?: string;
}

/** The path of a serial port: one of this machine's, or one that is typed. */
export async function askSerialPort({ engine }: Workbench, questions: Questions): Promise<string> {
  const type: PortItem = { label: vscode.l10n.t('$(edit) Enter a path...'), alwaysShow: true };
  const items = engine.request0(ListSerialPorts).then(
    (ports): readonly PortItem[] => [
      ...ports.map(({ path, manufacturer = '' }) => ({ label: `$(plug) ${path}`, description: manufacturer, path })),
      type,
    ],
    (error: unknown) => [{ ...type, detail: engineProblem(error).message }],
  );
  const { path } = await questions.pick<PortItem>({ placeholder: vscode.l10n.t('Serial port'), items });
  if (path !== undefined) return path;
  const typed = await questions.text({
    prompt: vscode.l10n.t('Path of the serial port'),
    placeholder: process.platform === 'win32' ? 'COM3' : '/dev/ttyUSB0',
    problem: (text) => (text.trim() === '' ? vscode.l10n.t('A path is needed') : undefined),
  });
  return typed.trim();
}

/** Speed and character format, typed as `9600 8N1`. */
export async function askSerialLine(questions: Questions, value: string): Promise<SerialLine> {
  const text = await questions.text({
    prompt: vscode.l10n.t('Speed in bit/s, and data bits, parity and stop bits'),
    value,
    placeholder: '9600 8N1',
    problem: (typed) =>
      parseSerialLine(typed) === undefined
        ? vscode.l10n.t('Expected for example 9600 8N1, 2400 8E1 or 9600')
        : undefined,
  });
  return parseSerialLine(text) ?? { speed: 9600, format: '8N1' };
}
