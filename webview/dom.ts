/** Builds elements from names, attributes and text nodes. Nothing a meter said is ever parsed as HTML. */

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Child = Node | string | undefined;

/** An element; attributes that are undefined or false are left out, true ones are set without value. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes?: Attributes,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K];
export function element(name: string, attributes?: Attributes, ...children: readonly Child[]): HTMLElement;
export function element(name: string, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElement {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(attribute, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== undefined) made.append(child);
  return made;
}

/** A product icon; hidden from screen readers, so that the text beside it must say the same. */
export function icon(name: string, ...classes: readonly string[]): HTMLElement {
  return element('span', { class: ['codicon', `codicon-${name}`, ...classes].join(' '), 'aria-hidden': 'true' });
}

/** The element of the page with this id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element #${id}`);
  return found;
}

export interface ButtonOptions {
  readonly icon?: string;
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  /** Tooltip; the name of an icon-only button. */
  readonly title?: string;
  readonly run: () => void;
}

/** A toolkit button. */
export function button(
  label: string,
  { icon: iconName, appearance = 'secondary', title, run }: ButtonOptions,
): HTMLElement {
  const iconOnly = appearance === 'icon';
  const made = element('vscode-button', {
    appearance,
    title: title ?? (iconOnly ? label : undefined),
    'aria-label': iconOnly ? label : undefined,
  });
  if (iconName !== undefined) {
    const picture = icon(iconName);
    if (!iconOnly) picture.slot = 'start';
    made.append(picture);
  }
  if (!iconOnly) made.append(label);
  made.addEventListener('click', run);
  return made;
}

/** Shows or hides without leaving a trace in the tab order. */
export function show(target: HTMLElement, visible: boolean): void {
  target.toggleAttribute('hidden', !visible);
}

/** Enables or disables a toolkit control. */
export function enable(target: HTMLElement, enabled: boolean): void {
  target.toggleAttribute('disabled', !enabled);
}

/** What is typed or chosen in a toolkit field. */
export function fieldText(field: HTMLElement): string {
  return 'value' in field && typeof field.value === 'string' ? field.value : '';
}

/** A toolkit drop-down; `choices` are value and label. */
export function dropdown(
  label: string,
  choices: readonly (readonly [string, string])[],
  changed: (value: string) => void,
): HTMLElement {
  const made = element(
    'vscode-dropdown',
    { 'aria-label': label, title: label },
    ...choices.map(([value, text]) => element('vscode-option', { value }, text)),
  );
  made.addEventListener('change', () => changed(fieldText(made)));
  return made;
}
