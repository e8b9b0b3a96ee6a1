import { button, element, enable, fieldText, icon, show } from '../../dom.ts';
import { counted, dateAndTime, duration } from '../../figures.ts';
import { listen, recall, remember, send } from '../../host.ts';
import { LiveRegion } from '../../live-region.ts';
import type { ExportFormat, ScanRow, ScanStatus, ToPage } from '../../messages.ts';
import { outcomeLooks } from '../../outcomes.ts';
import { DataGrid } from '../../table/data-grid.ts';
import { addressOf, scanColumns } from './columns.ts';

const stateWords: Readonly<Record<ScanStatus['state'], string>> = {
  running: 'Scanning',
  finished: 'Finished',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
};

/** The table of one scan: rows as they arrive, progress while it runs, a filter, and what can be done with a row. */
export class ScanPage {
  readonly #root: HTMLElement;
  readonly #rows = new Map<string, ScanRow>();
  readonly #title = element('h1', {}, 'Scan');
  readonly #facts = element('span', { class: 'muted facts' });
  readonly #state = element('span', { class: 'scan-state' });
  readonly #bar = element('progress', { class: 'bar', 'aria-label': 'Progress of the scan' });
  readonly #outcomes = element('span', { class: 'muted outcomes' });
  readonly #problem = element('div', { class: 'notice error', role: 'alert', hidden: true });
  readonly #filter = element('vscode-text-field', { placeholder: 'Filter', 'aria-label': 'Filter the rows' });
  readonly #shown = element('span', { class: 'muted', role: 'note' });
  readonly #cancel = button('Cancel', { icon: 'debug-stop', run: () => send({ type: 'scan/cancel' }) });
  readonly #again = button('Scan Again', { icon: 'refresh', run: () => send({ type: 'scan/again' }) });
  readonly #fingerprint = button('Fingerprint', { icon: 'inspect', run: () => this.#open('fingerprint') });
  readonly #read = button('Read...', { icon: 'book', run: () => this.#open('read') });
  readonly #trace = button('Trace', { icon: 'list-tree', run: () => this.#open('trace') });
  readonly #live: LiveRegion;
  readonly #grid: DataGrid<ScanRow>;
  #status: ScanStatus | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#live = new LiveRegion(root);
    this.#grid = new DataGrid<ScanRow>({
      label: 'Targets of the scan',
      columns: scanColumns,
      key: addressOf,
      empty: 'No target has answered.',
      onSelect: () => this.#selectionChanged(),
      onActivate: () => this.#open('fingerprint'),
      onArrange: () => this.#remember(),
      onShown: () => {
        this.#showCount();
        this.#selectionChanged();
      },
    });
  }

  start(): void {
    this.#root.append(
      element(
        'header',
        { class: 'toolbar' },
        element('div', { class: 'grow heading' }, this.#title, this.#facts),
        this.#cancel,
        this.#again,
      ),
      element('div', { class: 'progress-line' }, this.#state, this.#bar, this.#outcomes),
      this.#problem,
      element(
        'div',
        { class: 'toolbar', role: 'toolbar', 'aria-label': 'Rows' },
        this.#filter,
        this.#shown,
        element('span', { class: 'grow' }),
        this.#fingerprint,
        this.#read,
        this.#trace,
        button('CSV', { icon: 'export', title: 'Export the rows shown as CSV', run: () => this.#export('csv') }),
        button('JSON', { icon: 'export', title: 'Export the rows shown as JSON', run: () => this.#export('json') }),
      ),
      this.#grid.element,
    );
    this.#filter.addEventListener('input', () => this.#filterChanged());
    this.#restore();
    this.#selectionChanged();
    listen((message) => this.#receive(message));
  }

  #receive(message: ToPage): void {
    if (message.type === 'scan/status') this.#showStatus(message.status, message.outcomes);
    else if (message.type === 'scan/rows') this.#addRows(message.rows, message.reset);
    else if (message.type === 'problem') this.#showProblem(message.message);
  }

  #showProblem(message: string): void {
    this.#problem.replaceChildren(icon('error'), message);
    show(this.#problem, true);
  }

  #addRows(rows: readonly ScanRow[], reset: boolean): void {
    if (reset) this.#rows.clear();
    for (const row of rows) this.#rows.set(addressOf(row), row);
    this.#grid.rows = [...this.#rows.values()];
  }

  #showStatus(status: ScanStatus, outcomes: Readonly<Record<string, number>>): void {
    const before = this.#status;
    this.#status = status;
    this.#title.textContent = status.title;
    this.#facts.textContent = `${status.targets} · ports ${status.ports} · started ${dateAndTime(status.startedAt)}`;
    this.#facts.title = this.#facts.textContent;
    const running = status.state === 'running';
    const words = this.#progressWords(status);
    this.#state.replaceChildren(
      icon(running ? 'sync' : iconOf(status), ...(running ? ['codicon-modifier-spin'] : [])),
      words,
    );
    show(this.#bar, running);
    this.#bar.max = Math.max(1, status.total);
    if (status.total > 0) this.#bar.value = status.done;
    this.#outcomes.textContent = describeOutcomes(outcomes);
    show(this.#cancel, running);
    show(this.#again, !running);
    if (before?.state !== status.state || running) this.#live.say(words);
    this.#remember();
  }

  #progressWords({ state, stage, done, total, found, etaMs, startedAt, finishedAt }: ScanStatus): string {
    const meters = counted(found, 'meter', 'meters');
    if (state !== 'running') {
      const took = finishedAt === undefined ? '' : ` after ${duration(finishedAt - startedAt)}`;
      return `${stateWords[state]}${took}: ${meters}`;
    }
    const what = stage === 'dlms' ? 'Asking meters' : 'Looking for open ports';
    const left = etaMs === undefined ? '' : `, about ${duration(etaMs)} left`;
    return `${what}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}${left}, ${meters}`;
  }

  #filterChanged(): void {
    this.#grid.arrangement = { ...this.#grid.arrangement, filter: fieldText(this.#filter) };
    this.#live.say(counted(this.#grid.shown.length, 'row', 'rows'));
    this.#remember();
  }

  #showCount(): void {
    const all = this.#rows.size;
    const shown = this.#grid.shown.length;
    this.#shown.textContent =
      shown === all ? counted(all, 'row', 'rows') : `${shown.toLocaleString('en')} of ${counted(all, 'row', 'rows')}`;
  }

  #selectionChanged(): void {
    const chosen = this.#grid.selected;
    const speaks = chosen !== undefined && ['identified', 'associated', 'speaks-dlms'].includes(chosen.outcome);
    enable(this.#fingerprint, chosen !== undefined);
    enable(this.#read, speaks);
    enable(this.#trace, chosen !== undefined);
  }

  #open(as: 'fingerprint' | 'read' | 'trace'): void {
    const row = this.#grid.selected;
    if (row !== undefined) send({ type: 'scan/open', host: row.host, port: row.port, as });
  }

  #export(format: ExportFormat): void {
    send({ type: 'scan/export', format, rows: this.#grid.shown.map(addressOf) });
  }

  #restore(): void {
    const state = recall();
    if (state === undefined) return;
    this.#filter.setAttribute('value', state.filter ?? '');
    this.#grid.arrangement = {
      filter: state.filter ?? '',
      descending: state.descending ?? false,
      ...(state.sort === undefined ? {} : { sort: state.sort }),
    };
  }

  #remember(): void {
    if (this.#status === undefined) return;
    const { filter, sort, descending } = this.#grid.arrangement;
    remember({ subject: this.#status.scanId, filter, descending, ...(sort === undefined ? {} : { sort }) });
  }
}

function iconOf({ state }: ScanStatus): string {
  if (state === 'finished') return 'pass';
  return state === 'cancelled' ? 'stop-circle' : 'warning';
}

function describeOutcomes(outcomes: Readonly<Record<string, number>>): string {
  const known = Object.entries(outcomeLooks)
    .map(([name, { title }]) => ({ title, amount: outcomes[name] ?? 0 }))
    .filter(({ amount }) => amount > 0);
  return known.map(({ title, amount }) => `${amount.toLocaleString('en')} ${title}`).join(' · ');
}
