import * as vscode from 'vscode';
import type { ListenerEnded, ListenerStarted, ListenSource } from '../../engine/rpc/protocol.ts';
import { engineProblem } from '../engine/engine-problem.ts';
import { formatAddress, isLoopback, parseAddress } from '../inputs/addresses.ts';
import { type Questions, runSteps } from '../inputs/steps.ts';
import { requireTrust } from '../trust.ts';
import type { Workbench } from '../workbench.ts';
import { askSerialLine, askSerialPort } from './serial-questions.ts';
import { showProblem } from './show-problem.ts';
import { storedSecrets } from './unlock-trace.ts';

const remembered = 'listener';
/** One default for all: people listen in one place. */
const subject = 'source';
const defaultAddress = '127.0.0.1:4059';

interface Answers {
  readonly source?: ListenSource;
}

/**
 * `DLMS: Listen for Pushes...`: asks where meters send to, listens there until it is stopped, and shows what comes as a
 * trace, deciphered with the stored keys. A keybinding may say it: `{ "kind": "tcp", "host": "127.0.0.1", "port": 4059 }`.
 */
export async function listenForPushes(workbench: Workbench, argument: unknown): Promise<void> {
  if (!(await requireTrust())) return;
  const { memory, panels, listeners, log } = workbench;
  try {
    const source = sourceOf(argument) ?? (await askSource(workbench));
    if (source === undefined || !(await confirmReachable(source))) return;
    const started = await listeners.start({ source, secrets: await storedSecrets(workbench) });
    await memory.remember(remembered, subject, source);
    log.info(`listening for pushes on ${started.title}`);
    panels.show('trace', started.traceId);
    void showProgress(workbench, started);
  } catch (error) {
    const again = { title: vscode.l10n.t('Listen Elsewhere...'), run: () => listenForPushes(workbench, undefined) };
    await showProblem(log, error, engineProblem(error).code === 'portInUse' ? [again] : []);
  }
}

/** `DLMS: Stop Listening`: the only listener, or the one that is chosen. */
export async function stopListening({ listeners, log }: Workbench, argument: unknown): Promise<void> {
  const { running } = listeners;
  const [only] = running;
  const given = running.find(({ listenerId }) => listenerId === argument);
  const chosen = given ?? (running.length > 1 ? await choose(running) : only);
  try {
    if (chosen !== undefined) await listeners.stop(chosen.listenerId);
  } catch (error) {
    await showProblem(log, error);
  }
}

async function choose(running: readonly ListenerStarted[]): Promise<ListenerStarted | undefined> {
  const items = running.map((started) => ({ label: started.title, started }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Stop Listening') });
  return chosen?.started;
}

async function askSource(workbench: Workbench): Promise<ListenSource | undefined> {
  const answers = await runSteps<Answers>(vscode.l10n.t('Listen for Pushes'), {}, [
    async (_, questions) => ({ source: await askKind(workbench, questions) }),
  ]);
  return answers?.source;
}

interface KindItem extends vscode.QuickPickItem {
  readonly source?: ListenSource['kind'];
}

async function askKind(workbench: Workbench, questions: Questions): Promise<ListenSource> {
  const last = sourceOf(workbench.memory.recall(remembered, subject));
  const items: KindItem[] = [
    ...(last === undefined
      ? []
      : [{ label: `$(history) ${describe(last)}`, description: vscode.l10n.t('as last time') }]),
    {
      label: vscode.l10n.t('$(radio-tower) TCP'),
      description: vscode.l10n.t('meters connect to this machine'),
      source: 'tcp',
    },
    { label: vscode.l10n.t('$(radio-tower) UDP'), description: vscode.l10n.t('meters send datagrams'), source: 'udp' },
    {
      label: vscode.l10n.t('$(plug) Serial port'),
      description: vscode.l10n.t('consumer interface, optical head, M-Bus converter'),
      source: 'serial',
    },
    {
      label: vscode.l10n.t('$(server) Serial server'),
      description: vscode.l10n.t('this machine connects to it'),
      source: 'connect',
    },
  ];
  const { source: kind } = await questions.pick<KindItem>({
    placeholder: vscode.l10n.t('Where pushes come from'),
    items,
  });
  if (kind === undefined && last !== undefined) return last;
  if (kind === 'serial') {
    const path = await askSerialPort(workbench, questions);
    const known = last?.kind === 'serial' ? `${last.speed ?? 9600} ${last.format ?? '8N1'}` : '9600 8N1';
    return { kind, path, ...(await askSerialLine(questions, known)) };
  }
  const text = await questions.text({
    prompt:
      kind === 'connect'
        ? vscode.l10n.t('Address of the serial server')
        : vscode.l10n.t('Address and port to listen on; 0.0.0.0 is every address of this machine'),
    value: last !== undefined && last.kind === kind ? formatAddress(last) : kind === 'connect' ? '' : defaultAddress,
    placeholder: defaultAddress,
    problem: (typed) =>
      parseAddress(typed) === undefined ? vscode.l10n.t('Expected HOST:PORT, e.g. {0}', defaultAddress) : undefined,
  });
  return { kind: kind ?? 'tcp', ...(parseAddress(text) ?? { host: '127.0.0.1', port: 4059 }) };
}

/** Also what was remembered by an older version, hence the checks. */
function sourceOf(value: unknown): ListenSource | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const kind: unknown = Reflect.get(value, 'kind');
  if (kind === 'serial') {
    const path: unknown = Reflect.get(value, 'path');
    const speed: unknown = Reflect.get(value, 'speed');
    const format: unknown = Reflect.get(value, 'format');
    if (typeof path !== 'string') return undefined;
    return {
      kind,
      path,
      ...(typeof speed === 'number' ? { speed } : {}),
      ...(typeof format === 'string' ? { format } : {}),
    };
  }
  const host: unknown = Reflect.get(value, 'host');
  const port: unknown = Reflect.get(value, 'port');
  if ((kind !== 'tcp' && kind !== 'udp' && kind !== 'connect') || typeof host !== 'string') return undefined;
  return typeof port === 'number' ? { kind, host, port } : undefined;
}

function describe(source: ListenSource): string {
  return source.kind === 'serial' ? `serial:${source.path}` : `${source.kind} ${formatAddress(source)}`;
}

/** Listening beyond this machine is confirmed each time. */
async function confirmReachable(source: ListenSource): Promise<boolean> {
  if (source.kind === 'serial' || source.kind === 'connect' || isLoopback(source.host)) return true;
  const go = vscode.l10n.t('Listen on {0}', source.host);
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Listen for pushes from the network?'),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Anybody who can reach {0} can send to it. What comes is decoded and shown; nothing is answered.',
        describe(source),
      ),
    },
    go,
  );
  return chosen === go;
}

/** A notification that stays while the listener runs, counts pushes, and stops it. */
async function showProgress(workbench: Workbench, started: ListenerStarted): Promise<void> {
  const { listeners, traces } = workbench;
  const { listenerId, traceId, title } = started;
  const ended = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Listening on {0}', title),
      cancellable: true,
    },
    (progress, token) =>
      new Promise<ListenerEnded>((resolve) => {
        let pushes = 0;
        const subscriptions = vscode.Disposable.from(
          traces.onRow((id, { direction }) => {
            if (id !== traceId || direction !== 'rx') return;
            pushes++;
            progress.report({ message: pushes === 1 ? vscode.l10n.t('1 push') : vscode.l10n.t('{0} pushes', pushes) });
          }),
          listeners.onDidEnd((end) => {
            if (end.listenerId !== listenerId) return;
            subscriptions.dispose();
            resolve(end);
          }),
          token.onCancellationRequested(() => void stopListening(workbench, listenerId)),
        );
        // It may have ended while its panel opened.
        if (!listeners.running.includes(started)) {
          subscriptions.dispose();
          resolve({ listenerId, traceId, pushes: 0, lost: 0 });
        }
      }),
  );
  await tellEnd(workbench, title, ended);
}

async function tellEnd({ log }: Workbench, title: string, { pushes, lost, failure }: ListenerEnded): Promise<void> {
  log.info(`stopped listening on ${title}: ${pushes} pushes, ${lost} lost`);
  if (failure !== undefined) await showProblem(log, new Error(failure.message));
  else if (lost > 0) {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('{0} pushes came faster than they could be taken and are not in the trace.', lost),
    );
  }
}
