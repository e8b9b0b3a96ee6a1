import { element } from '../dom.ts';

/** How far an arrow key moves the sash, in percent. */
const keyStep = 5;

/**
 * A separator between two areas, moved by mouse and arrow keys. It sets `property` on `container` to the share of the
 * first area in percent; the style sheet lays out by it.
 */
export function sash(
  container: HTMLElement,
  property: string,
  direction: 'horizontal' | 'vertical',
  label: string,
  start: number,
): HTMLElement {
  const handle = element('div', {
    class: `sash ${direction}`,
    role: 'separator',
    tabindex: 0,
    'aria-label': label,
    'aria-orientation': direction === 'horizontal' ? 'vertical' : 'horizontal',
    'aria-valuemin': 15,
    'aria-valuemax': 85,
  });
  let share = start;
  const set = (percent: number) => {
    share = Math.min(85, Math.max(15, percent));
    container.style.setProperty(property, `${share}%`);
    handle.setAttribute('aria-valuenow', String(Math.round(share)));
  };
  set(start);
  handle.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
  });
  handle.addEventListener('pointermove', (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const { left, top, width, height } = container.getBoundingClientRect();
    set(direction === 'horizontal' ? ((event.clientX - left) / width) * 100 : ((event.clientY - top) / height) * 100);
  });
  handle.addEventListener('dblclick', () => set(start));
  handle.addEventListener('keydown', (event) => {
    const less = direction === 'horizontal' ? 'ArrowLeft' : 'ArrowUp';
    const more = direction === 'horizontal' ? 'ArrowRight' : 'ArrowDown';
    if (event.key !== less && event.key !== more) return;
    event.preventDefault();
    set(share + (event.key === more ? keyStep : -keyStep));
  });
  return handle;
}
