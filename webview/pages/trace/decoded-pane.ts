import { button, element, enable, icon, show } from '../../dom.ts';
import { counted } from '../../figures.ts';
import { send } from '../../host.ts';
import type { DecodedRow, DecodedView, FieldNode } from '../../messages.ts';
import { HexView } from '../../trace/hex-view.ts';
import { sash } from '../../trace/sash.ts';
import { TreeView } from '../../trace/tree-view.ts';

/** The row that is selected: its fields as a tree, its octets, and what was odd about it. Tree and octets select each other. */
export class DecodedPane {
  readonly element: HTMLElement;
  readonly #title = element('h2', { class: 'grow' }, 'Select a row to see its fields and octets');
  readonly #ciphered = button('Ciphered', {
    icon: 'lock',
    title: 'Show the octets as they were on the wire',
    run: () => this.#look('wire'),
  });
  readonly #plain = button('Plain', {
    icon: 'unlock',
    title: 'Show the octets after deciphering',
    run: () => this.#look('plain'),
  });
  readonly #switch = element(
    'span',
    { class: 'view-switch', role: 'group', 'aria-label': 'Ciphered or plain' },
    this.#ciphered,
    this.#plain,
  );
  readonly #copyHex = button('Hex', { icon: 'copy', title: 'Copy the octets as hex', run: () => this.#copy('hex') });
  readonly #copyJson = button('JSON', {
    icon: 'copy',
    title: 'Copy the decoded APDU as JSON',
    run: () => this.#copy('json'),
  });
  readonly #copyXml = button('XML', {
    icon: 'copy',
    title: 'Copy the decoded APDU as XML',
    run: () => this.#copy('xml'),
  });
  readonly #unlock = button('Try stored keys', {
    icon: 'key',
    title: 'Open what is encrypted in this trace with the stored keys',
    run: () => send({ type: 'trace/unlock' }),
  });
  readonly #notes = element('ul', { class: 'notes', 'aria-label': 'Errors and deviations' });
  readonly #path = element('p', { class: 'selection muted', role: 'status', 'aria-live': 'polite' });
  readonly #tree = new TreeView('Fields', (field) => this.#fieldSelected(field));
  readonly #hex = new HexView('Octets', (offset) => this.#octetSelected(offset));
  #row: DecodedRow | undefined;
  #view: 'wire' | 'plain' = 'wire';
  /** What the person chose last, kept from row to row. */
  #preferred: 'wire' | 'plain' = 'plain';

  constructor() {
    const areas = element('div', { class: 'decoded-areas' });
    areas.append(
      this.#tree.element,
      sash(areas, '--tree-share', 'vertical', 'Height of the fields', 55),
      this.#hex.element,
    );
    this.element = element(
      'section',
      { class: 'decoded', 'aria-label': 'Decoded row' },
      element(
        'header',
        { class: 'toolbar' },
        this.#title,
        this.#unlock,
        this.#switch,
        element(
          'span',
          { class: 'view-switch', role: 'group', 'aria-label': 'Copy' },
          this.#copyHex,
          this.#copyJson,
          this.#copyXml,
        ),
      ),
      this.#notes,
      areas,
      this.#path,
    );
    show(this.#switch, false);
    show(this.#unlock, false);
    this.#enableCopy(false);
  }

  /** Index of the row shown. */
  get index(): number | undefined {
    return this.#row?.index;
  }

  show(row: DecodedRow): void {
    this.#row = row;
    show(this.#switch, row.plain !== undefined);
    show(this.#unlock, row.locked);
    this.#enableCopy(true);
    this.#showNotes(row);
    this.#display(row.plain === undefined ? 'wire' : this.#preferred);
  }

  #enableCopy(possible: boolean): void {
    enable(this.#copyHex, possible);
    enable(this.#copyJson, possible);
    enable(this.#copyXml, possible);
  }

  #look(view: 'wire' | 'plain'): void {
    this.#preferred = view;
    this.#display(view);
  }

  #display(view: 'wire' | 'plain'): void {
    this.#view = view;
    const shown = this.#decodedView();
    if (shown === undefined) return;
    const { kind, octets, fields } = shown;
    this.#title.textContent = `${kind} · ${counted(octets.length / 2, 'octet', 'octets')}`;
    this.#title.title = this.#title.textContent;
    for (const [control, on] of [
      [this.#ciphered, view === 'wire'],
      [this.#plain, view === 'plain'],
    ] as const) {
      control.setAttribute('appearance', on ? 'primary' : 'secondary');
      control.setAttribute('aria-pressed', String(on));
    }
    this.#tree.show(fields);
    this.#hex.show(octets, shown.error?.offset);
    this.#path.textContent = fields.length === 0 ? 'No fields.' : 'Select a field or an octet.';
  }

  #decodedView(): DecodedView | undefined {
    return this.#view === 'plain' ? this.#row?.plain : this.#row?.wire;
  }

  #showNotes({ wire, plain }: DecodedRow): void {
    const items = [...this.#notesOf(wire, 'wire'), ...(plain === undefined ? [] : this.#notesOf(plain, 'plain'))];
    this.#notes.replaceChildren(...items);
    show(this.#notes, items.length > 0);
  }

  #notesOf({ error, deviations }: DecodedView, view: 'wire' | 'plain'): HTMLElement[] {
    const where = view === 'plain' ? ' of the plain APDU' : '';
    const items: HTMLElement[] = [];
    if (error !== undefined) {
      const { layer, code, offset, found, expected } = error;
      const words = `${layer}: ${code} at octet ${offset}${where}: found ${found}, expected ${expected}`;
      items.push(this.#note('error', 'bad', words, view, offset));
    }
    for (const { id, layer, offset, description } of deviations) {
      const words = `${layer}: ${id} at octet ${offset}${where}: ${description}`;
      items.push(this.#note('warning', 'warn', words, view, offset));
    }
    return items;
  }

  #note(name: string, tone: string, words: string, view: 'wire' | 'plain', offset: number): HTMLElement {
    const jump = element('button', { class: 'note-link', title: 'Show the octet' }, icon(name, tone), words);
    jump.addEventListener('click', () => {
      if (this.#view !== view) this.#look(view);
      this.#octetSelected(offset);
    });
    return element('li', {}, jump);
  }

  #fieldSelected(field: FieldNode): void {
    this.#hex.light(field.from, field.to);
    this.#describe(field);
  }

  #octetSelected(offset: number): void {
    const field = this.#tree.selectOctet(offset);
    if (field === undefined) this.#hex.light(offset, offset + 1);
    else this.#hex.light(field.from, field.to);
    if (field === undefined) this.#path.textContent = `Octet ${offset} belongs to no field.`;
    else this.#describe(field);
  }

  #describe({ name, value, from, to, clause, explanation }: FieldNode): void {
    const range = to - from === 1 ? `octet ${from}` : `octets ${from} to ${Math.max(from, to - 1)} (${to - from})`;
    const place = [value === undefined ? name : `${name}: ${value}`, range, clause].filter(Boolean).join(' · ');
    this.#path.replaceChildren(place);
    if (explanation !== undefined) this.#path.append(element('span', { class: 'explanation' }, explanation));
  }

  #copy(format: 'hex' | 'json' | 'xml'): void {
    if (this.#row !== undefined) send({ type: 'trace/copy', index: this.#row.index, format, view: this.#view });
  }
}
