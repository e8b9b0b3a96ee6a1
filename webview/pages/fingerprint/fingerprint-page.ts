import { button, element, enable, fieldText, icon, show } from '../../dom.ts';
import { listen, recall, remember, send } from '../../host.ts';
import type { MeterView, ToPage } from '../../messages.ts';
import { outcomeLooks } from '../../outcomes.ts';
import { associationGrid, evidenceGrid, objectGrid } from './grids.ts';
import { overview } from './overview.ts';

const tabs = ['overview', 'associations', 'objects', 'evidence'] as const;

/** One meter: who it is and why we think so, its associations, its objects, and the evidence all of it rests on. */
export class FingerprintPage {
  readonly #root: HTMLElement;
  readonly #title = element('h1', {}, 'Fingerprint');
  readonly #facts = element('span', { class: 'muted' });
  readonly #problem = element('div', { class: 'notice error', role: 'alert', hidden: true });
  readonly #filter = element('vscode-text-field', {
    placeholder: 'Filter',
    'aria-label': 'Filter the rows of this tab',
  });
  readonly #read = button('Read...', { icon: 'book', run: () => send({ type: 'fingerprint/open', as: 'read' }) });
  readonly #trace = button('Trace', { icon: 'list-tree', run: () => send({ type: 'fingerprint/open', as: 'trace' }) });
  readonly #overview = element('div', { class: 'cards', tabindex: 0, role: 'group', 'aria-label': 'Overview' });
  readonly #associations = associationGrid();
  readonly #objects = objectGrid();
  readonly #evidence = evidenceGrid();
  readonly #headings = tabs.map((name) => element('vscode-panel-tab', { id: `tab-${name}` }, titleOf(name)));
  readonly #panels = element('vscode-panels', { 'aria-label': 'Parts of the fingerprint' });
  #meter: MeterView | undefined;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  start(): void {
    const contents = [this.#overview, this.#associations.element, this.#objects.element, this.#evidence.element];
    this.#panels.append(
      ...this.#headings,
      ...tabs.map((name, at) => element('vscode-panel-view', { id: `view-${name}` }, contents[at])),
    );
    const state = recall();
    if (tabs.some((name) => name === state?.view)) this.#panels.setAttribute('activeid', `tab-${state?.view}`);
    this.#root.append(
      element(
        'header',
        { class: 'toolbar' },
        element('div', { class: 'grow heading' }, this.#title, this.#facts),
        this.#filter,
        this.#read,
        this.#trace,
      ),
      this.#problem,
      this.#panels,
    );
    this.#filter.addEventListener('input', () => this.#filterChanged());
    this.#panels.addEventListener('change', () => this.#tabChanged());
    this.#tabChanged();
    enable(this.#read, false);
    listen((message) => this.#receive(message));
  }

  #receive(message: ToPage): void {
    if (message.type === 'fingerprint/meter') this.#show(message.meter);
    if (message.type === 'problem') {
      this.#problem.replaceChildren(icon('error'), message.message);
      show(this.#problem, true);
    }
  }

  #show(meter: MeterView): void {
    this.#meter = meter;
    const { icon: name, tone, title } = outcomeLooks[meter.outcome];
    this.#title.textContent =
      meter.classification === undefined
        ? meter.address
        : `${meter.classification.vendor} ${meter.classification.model}`;
    this.#facts.replaceChildren(icon(name, tone), ` ${title} · ${meter.address} · ${meter.reason}`);
    this.#facts.title = meter.reason;
    this.#overview.replaceChildren(...overview(meter));
    this.#associations.rows = meter.associations;
    this.#objects.rows = meter.objects;
    this.#evidence.rows = meter.evidence.map((record, index) => ({ ...record, index }));
    const counts = [undefined, meter.associations.length, meter.objects.length, meter.evidence.length];
    for (const [at, heading] of this.#headings.entries()) {
      const amount = counts[at];
      heading.replaceChildren(
        titleOf(tabs[at] ?? 'overview'),
        amount === undefined ? '' : ` (${amount.toLocaleString('en')})`,
      );
    }
    enable(this.#read, ['identified', 'associated', 'speaks-dlms'].includes(meter.outcome));
    this.#remember();
  }

  #tab(): string {
    // The attribute follows the property with the next frame only.
    const active = 'activeid' in this.#panels ? this.#panels.activeid : undefined;
    return typeof active === 'string' && active !== '' ? active.replace('tab-', '') : 'overview';
  }

  #tabChanged(): void {
    show(this.#filter, this.#tab() !== 'overview');
    this.#remember();
  }

  #filterChanged(): void {
    const filter = fieldText(this.#filter);
    for (const grid of [this.#associations, this.#objects, this.#evidence])
      grid.arrangement = { ...grid.arrangement, filter };
  }

  #remember(): void {
    if (this.#meter !== undefined) remember({ subject: this.#meter.meterId, view: this.#tab() });
  }
}

function titleOf(tab: (typeof tabs)[number]): string {
  return `${tab.charAt(0).toUpperCase()}${tab.slice(1)}`;
}
