import { button, element, icon } from '../../dom.ts';
import { percent } from '../../figures.ts';
import { send } from '../../host.ts';
import type { ClassificationView, MeterView } from '../../messages.ts';

function section(title: string, ...content: readonly Node[]): HTMLElement {
  return element('section', { class: 'card' }, element('h2', {}, title), ...content);
}

/** Name and value pairs as a description list. */
function pairs(
  items: readonly { readonly name: string; readonly value: string; readonly origin?: string }[],
): HTMLElement {
  const made = element('dl', { class: 'pairs' });
  for (const { name, value, origin } of items) {
    made.append(
      element('dt', {}, name),
      element(
        'dd',
        { title: value },
        value,
        origin === undefined ? undefined : element('span', { class: 'muted origin' }, origin),
      ),
    );
  }
  return made;
}

function certainty(confidence: number): HTMLElement {
  const fill = element('span', { class: 'certainty-fill' });
  fill.style.width = percent(confidence).replace(' ', '');
  return element(
    'span',
    { class: 'certainty' },
    element('span', { class: 'certainty-bar', 'aria-hidden': 'true' }, fill),
    percent(confidence),
  );
}

function classification({ vendor, model, confidence, because, alternatives }: ClassificationView): HTMLElement {
  const reasons = element('ul', { class: 'reasons' }, ...because.map((reason) => element('li', {}, reason)));
  const made = section(
    'Classification',
    element('p', { class: 'verdict' }, element('strong', {}, `${vendor} ${model}`), certainty(confidence)),
    element('h3', {}, 'Because'),
    because.length > 0 ? reasons : element('p', { class: 'muted' }, 'No reason was recorded.'),
  );
  if (alternatives.length > 0) {
    const others = alternatives.map((other) =>
      element('li', {}, `${other.vendor} ${other.model}`, certainty(other.confidence)),
    );
    made.append(element('h3', {}, 'Alternatives'), element('ul', { class: 'alternatives' }, ...others));
  }
  return made;
}

/** What is known of the meter at a glance: who it says it is, what we take it for and why, and its fingerprint. */
export function overview(meter: MeterView): readonly Node[] {
  const parts: Node[] = [];
  parts.push(
    meter.classification === undefined
      ? section(
          'Classification',
          element('p', { class: 'muted' }, 'There was not enough evidence to classify this meter.'),
        )
      : classification(meter.classification),
    meter.identity.length > 0
      ? section('Identity', pairs(meter.identity))
      : section('Identity', element('p', { class: 'muted' }, 'The meter did not say who it is.')),
  );
  if (meter.fingerprint.length > 0)
    parts.push(section('Fingerprint', pairs(meter.fingerprint), copyFingerprint(meter)));
  if (meter.errors.length > 0) {
    const errors = meter.errors.map((error) => element('li', {}, icon('warning', 'warn'), error));
    parts.push(section('What went wrong', element('ul', { class: 'errors' }, ...errors)));
  }
  return parts;
}

function copyFingerprint({ fingerprint }: MeterView): HTMLElement {
  const text = fingerprint.map(({ name, value }) => `${name}: ${value}`).join('\n');
  return button('Copy', { icon: 'copy', title: 'Copy the fingerprint', run: () => send({ type: 'copy', text }) });
}
